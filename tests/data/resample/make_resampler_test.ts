import { assert, assertEquals } from "@std/assert";
import { makeResampler, type Region } from "../../../data/resample/make_resampler.ts";

interface Case {
  readonly width: number;
  readonly height: number;
  readonly box: [left: number, top: number, right: number, bottom: number];
  readonly size: number;
  readonly pixels: number[];
  readonly result: number[];
}

/** The region's pixels of a grey picture. */
function cut(
  pixels: ArrayLike<number>,
  width: number,
  { left, top, width: w, height: h }: Region,
): Uint8Array {
  return Uint8Array.from(
    { length: w * h },
    (_, i) => pixels[(top + Math.floor(i / w)) * width + left + i % w]!,
  );
}

Deno.test("resample: without a turn, what Pillow's antialiased bilinear filter gives (tools/golden/resample.py)", async () => {
  const cases: Case[] = JSON.parse(
    await Deno.readTextFile(new URL("../../golden/resample.json", import.meta.url)),
  );
  assertEquals(cases.length, 3);
  for (const { width, height, box, size, pixels, result } of cases) {
    const [left, top, right, bottom] = box;
    const place = { xx: (right - left) / size, xy: 0, x0: left, yx: 0, yy: (bottom - top) / size, y0: top };
    const { region, apply } = makeResampler(place, width, height, size);
    const grey = apply(cut(pixels, width, region), 1);
    // Pillow rounds after each of two passes, and its filter ends at the picture's border where ours continues it: the inside is compared.
    result.forEach((expected, i) => {
      const [x, y] = [i % size, Math.floor(i / size)];
      if (x < 1 || y < 1 || x > size - 2 || y > size - 2) return;
      assert(
        Math.abs(grey[i]! - expected) <= 1,
        `${width}x${height}, pixel ${x}, ${y}: ${grey[i]}, Pillow ${expected}`,
      );
    });
    const rgb = apply(
      Uint8Array.from(
        { length: 3 * region.width * region.height },
        (_, i) => cut(pixels, width, region)[Math.floor(i / 3)]!,
      ),
      3,
    );
    assertEquals([...rgb.filter((_, i) => i % 3 === 1)], [...grey]);
  }
});

Deno.test("resample: turned, scaled and shifted, a sloping plane stays that plane", () => {
  const [width, height, size] = [90, 80, 24];
  const plane = (x: number, y: number) => 20 + 1.1 * x + 0.9 * y;
  const pixels = Uint8Array.from(
    { length: width * height },
    (_, i) => Math.round(plane(i % width + 0.5, Math.floor(i / width) + 0.5)),
  );
  for (const [angle, scale] of [[0.3, 1], [-0.7, 1.8], [1.2, 0.6], [Math.PI / 2, 2.2]] as const) {
    const [c, s] = [scale * Math.cos(angle), scale * Math.sin(angle)];
    const place = { xx: c, xy: -s, x0: 45 - (c - s) * size / 2, yx: s, yy: c, y0: 40 - (s + c) * size / 2 };
    const { region, apply } = makeResampler(place, width, height, size);
    const out = apply(cut(pixels, width, region), 1);
    for (let i = 0; i < out.length; i++) {
      const X = i % size + 0.5, Y = Math.floor(i / size) + 0.5;
      const expected = plane(c * X - s * Y + place.x0, s * X + c * Y + place.y0);
      assert(Math.abs(out[i]! - expected) < 1.6, `${angle}, ${scale}: ${out[i]} where ${expected}`);
    }
  }
});

Deno.test("resample: a crop that goes beyond the frame continues its border", () => {
  const pixels = Uint8Array.from({ length: 16 }, (_, i) => 10 * (i % 4));
  const { region, apply } = makeResampler({ xx: 1, xy: 0, x0: -20, yx: 0, yy: 1, y0: 1 }, 4, 4, 16);
  assertEquals([...apply(cut(pixels, 4, region), 1)].every((value) => value === 0), true);
});

Deno.test("resample: resamplers and channels used in turn, which share a memory, give what each gives alone", () => {
  const [width, height] = [50, 40], value = (x: number, y: number, c: number) => (3 * x + 2 * y + 17 * c);
  const place = (size: number) => ({ xx: 32 / size, xy: 0, x0: 8, yx: 0, yy: 32 / size, y0: 4 });
  const made = [16, 32].map((size) => ({ size, resampler: makeResampler(place(size), width, height, size) }));
  for (const { size, resampler } of [...made, ...made]) {
    for (const channels of [3, 1] as const) {
      const { left, top, width: w, height: h } = resampler.region;
      const pixels = Uint8Array.from({ length: w * h * channels }, (_, i) => {
        const k = Math.floor(i / channels);
        return value(left + k % w, top + Math.floor(k / w), i % channels);
      });
      const out = resampler.apply(pixels, channels);
      assertEquals(out.length, size * size * channels);
      // At half the size a triangle over a plane is the plane at the pixel's centre; at the same size the pixel itself.
      out.forEach((found, i) => {
        const k = Math.floor(i / channels), step = 32 / size;
        const at = (cell: number, from: number) => from + (cell + 0.5) * step - 0.5;
        const [x, y] = [at(k % size, 8), at(Math.floor(k / size), 4)];
        assertEquals(
          found,
          Math.floor(3 * x + 2 * y + 17 * (i % channels) + 0.5),
          `${size}, ${channels}, ${i}`,
        );
      });
    }
  }
});

Deno.test("resample: without a turn, the same as by all taps at once in plain numbers", () => {
  const [width, height] = [61, 47];
  const pixels = Uint8Array.from({ length: 3 * width * height }, (_, i) => (i * 7919 + (i >> 3) * 31) % 256);
  // Few and many taps to a place, growing and shrinking, places by fours and not, and reaching beyond the frame on all sides.
  const places = [
    { size: 20, xx: 3.3, x0: -2.2, yy: 0.8, y0: 33.7 },
    { size: 5, xx: 13, x0: -2, yy: 9.7, y0: -0.9 },
    { size: 7, xx: 8.1, x0: 3, yy: 1, y0: 20 },
    { size: 12, xx: 0.4, x0: 58, yy: 5.2, y0: -8 },
  ];
  for (const { size, ...axes } of places) {
    const place = { ...axes, xy: 0, yx: 0 }, { region, apply } = makeResampler(place, width, height, size);
    for (const channels of [3, 1] as const) {
      const part = Uint8Array.from({ length: channels * region.width * region.height }, (_, i) => {
        const [pixel, c] = [Math.floor(i / channels), i % channels];
        const x = region.left + pixel % region.width, y = region.top + Math.floor(pixel / region.width);
        return pixels[3 * (y * width + x) + c]!;
      });
      apply(part, channels).forEach((found, i) => {
        const [pixel, c] = [Math.floor(i / channels), i % channels];
        const [X, Y] = [pixel % size, Math.floor(pixel / size)];
        let sum = 0, weights = 0;
        for (let y = -20; y < height + 20; y++) {
          for (let x = -20; x < width + 20; x++) {
            const dx = Math.abs(x + 0.5 - (place.xx * (X + 0.5) + place.x0)) / Math.max(1, place.xx);
            const dy = Math.abs(y + 0.5 - (place.yy * (Y + 0.5) + place.y0)) / Math.max(1, place.yy);
            if (dx >= 1 || dy >= 1) continue;
            const [px, py] = [Math.min(width - 1, Math.max(0, x)), Math.min(height - 1, Math.max(0, y))];
            sum += (1 - dx) * (1 - dy) * pixels[3 * (py * width + px) + c]!;
            weights += (1 - dx) * (1 - dy);
          }
        }
        const expected = sum / weights;
        assert(
          Math.abs(found - expected) < 0.53,
          `${JSON.stringify(place)}, pixel ${X}, ${Y}, ${c}: ${found}, ${expected}`,
        );
      });
    }
  }
});

Deno.test("resample: more turned resamplers by turns than there are memories give what each gives alone", () => {
  const [width, height] = [40, 30];
  const frame = Uint8Array.from({ length: width * height }, (_, i) => (i * 37) % 251);
  const make = (k: number) => {
    const angle = 0.1 + 0.2 * k, [c, s] = [Math.cos(angle), Math.sin(angle)];
    return makeResampler({ xx: c, xy: -s, x0: 12, yx: s, yy: c, y0: 6 + k }, width, height, 12 + k);
  };
  const ks = Array.from({ length: 7 }, (_, k) => k);
  const alone = ks.map((k) => {
    const { region, apply } = make(k);
    return apply(cut(frame, width, region), 1);
  });
  assertEquals(new Set(alone.map((out) => out.join())).size, 7);
  const made = ks.map(make);
  for (let round = 0; round < 3; round++) {
    for (const k of [...ks, 0, 1, 0, 1]) {
      assertEquals(made[k]!.apply(cut(frame, width, made[k]!.region), 1), alone[k]);
    }
  }
});
