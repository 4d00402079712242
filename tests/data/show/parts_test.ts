import { assertEquals } from "@std/assert";
import { binsOf } from "../../../data/show/_bins.ts";
import { sampled } from "../../../data/show/_sampled.ts";
import type { Sample } from "../../../types.ts";

Deno.test("binsOf() counts every value once, in bins of a round number of frames", () => {
  const values = [60, 65, 65, 70, 95]; // at 200 frames a second
  assertEquals(binsOf(values, 20, 5).map(({ low, count }) => [low, count]), [
    ...[[60, 1], [65, 2], [70, 1], [75, 0], [80, 0], [85, 0], [90, 0], [95, 1]],
  ]);
  assertEquals(binsOf(values, 4, 5).map(({ low, high, count }) => [low, high, count]), [
    ...[[60, 70, 3], [70, 80, 1], [80, 90, 0], [90, 100, 1]],
  ]);
  for (const most of [1, 2, 3, 7, 50]) {
    const many = Array.from({ length: 500 }, (_, i) => 5 * (i * i % 373));
    const bins = binsOf(many, most, 5);
    assertEquals(bins.reduce((sum, { count }) => sum + count, 0), 500);
    assertEquals(bins.length <= most, true, `${bins.length} bins, ${most} wanted`);
  }
  assertEquals(binsOf([], 5, 1), []);
});

Deno.test("sampled() takes every label and as many subjects as it can, in order", () => {
  const sample = (subject: string, clip: string, label: string): Sample => ({
    ...{ database: "smic", subject, clip, label, source: { kind: "images", files: [] }, fps: 100 },
    ...{ onset: 0, apex: 0, offset: 0, apexOrigin: "coded" },
  });
  const samples = [
    sample("s1", "a", "negative"),
    sample("s1", "b", "negative"),
    sample("s1", "c", "positive"),
    sample("s2", "d", "negative"),
    sample("s2", "e", "surprise"),
    sample("s3", "f", "positive"),
  ];
  const clips = (count: number) => sampled(samples, count).map(({ clip }) => clip).join("");
  assertEquals(clips(1), "a");
  assertEquals(clips(3), "aef"); // one of each label and subject
  assertEquals(clips(4), "abef"); // then another negative one; all subjects have one clip so far
  assertEquals(clips(5), "abcef");
  assertEquals(clips(9), "abcdef");
});
