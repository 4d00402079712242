import { assertEquals, assertRejects } from "@std/assert";
import { readCkplus } from "../../../data/mod.ts";
import { UserError } from "../../../types.ts";
import { brief, frames, plant, type Tree } from "./_databases.ts";

const pad = (n: number) => String(n).padStart(8, "0");
const images = (subject: string, number: string, last: number): Tree =>
  frames(1, last, (n) => `cohn-kanade-images/${subject}/${number}/${subject}_${number}_${pad(n)}.png`);
const emotion = (subject: string, number: string, last: number, text: string): Tree => ({
  [`Emotion/${subject}/${number}/${subject}_${number}_${pad(last)}_emotion.txt`]: text,
});

Deno.test("readCkplus: labels by number, apex the last frame, sequences without an emotion counted", async () => {
  const root = await plant({
    ...images("S005", "001", 11),
    ...emotion("S005", "001", 11, "   3.0000000e+00\n"),
    ...images("S010", "002", 12),
    ...emotion("S010", "002", 12, "   7.0000000e+00\n"),
    ...images("S010", "003", 5),
    "Emotion/S010/003/.DS_Store": null,
    ...images("S011", "001", 4),
  });
  const { samples, problems } = await readCkplus(root);
  assertEquals(
    samples.map((
      { subject, clip, label, onset, apex, offset, fps },
    ) => [subject, clip, label, onset, apex, offset, fps]),
    [["S005", "S005_001", "disgust", 0, 10, 10, 30], ["S010", "S010_002", "surprise", 0, 11, 11, 30]],
  );
  assertEquals(brief(problems), ["Emotion label dropped"]);
  assertEquals(problems[0]!.found, "2 of 4 sequences without an emotion file");
});

Deno.test("readCkplus: every number has its word", async () => {
  const words = ["neutral", "anger", "contempt", "disgust", "fear", "happy", "sadness", "surprise"];
  const trees = words.map((_, i) => ({
    ...images("S001", `00${i}`, 2),
    ...emotion("S001", `00${i}`, 2, `${i}.0000000e+00`),
  }));
  const { samples } = await readCkplus(await plant(Object.assign({}, ...trees)));
  assertEquals(samples.map(({ label }) => label), words);
});

Deno.test("readCkplus: bad emotion files, short sequences and strays are reported with their clip", async () => {
  const root = await plant({
    ...images("S001", "001", 3),
    ...emotion("S001", "001", 3, ""),
    ...images("S001", "002", 3),
    ...emotion("S001", "002", 3, "9.0000000e+00"),
    ...images("S001", "003", 3),
    ...emotion("S001", "003", 2, "1.0"),
    ...emotion("S001", "003", 3, "2.0"),
    ...images("S001", "004", 3),
    "Emotion/S001/004/S002_004_00000003_emotion.txt": "1.0",
    ...images("S001", "005", 1),
    ...emotion("S001", "005", 1, "1.0"),
    ...emotion("S001", "006", 3, "1.0"),
    ...images("S002", "001", 3),
    ...emotion("S002", "001", 3, "1.0"),
  });
  await Deno.remove(`${root}/cohn-kanade-images/S002/001/S002_001_${pad(2)}.png`);
  const { samples, problems } = await readCkplus(root);
  assertEquals(samples.map(({ clip, offset }) => [clip, offset]), [["S002_001", 1]]);
  assertEquals(brief(problems), [
    "S001/S001_001 label dropped",
    "S001/S001_002 label dropped",
    "S001/S001_003 label dropped",
    "S001/S001_004 label dropped",
    "S001/S001_005 frames dropped",
    "S002/S002_001 frames",
    "S001/S001_006 folder dropped",
  ]);
});

Deno.test("readCkplus: without emotion files no sequence is read, and it says so; without images it refuses", async () => {
  const { edition, samples, problems } = await readCkplus(await plant(images("S001", "001", 2)));
  assertEquals([edition, samples.length], ["CK+ without labels: 0 labelled of 1 sequences, 0 subjects", 0]);
  assertEquals(problems.map(({ field, found, dropped }) => [field, found, dropped]), [[
    "label",
    "no folder Emotion",
    true,
  ]]);
  const only = emotion("S001", "001", 2, "1.0");
  await assertRejects(async () => readCkplus(await plant(only)), UserError, "cohn-kanade-images");
});
