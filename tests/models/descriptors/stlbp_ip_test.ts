// STLBP-IP against its formula, and what projections do not see.
import { assert, assertEquals, assertThrows } from "@std/assert";
import { stlbpIp, type StlbpIpOptions } from "../../../models/mod.ts";
import type { ClipInput } from "../../../types.ts";
import { texture, uniformBin } from "./_naive.ts";

function naive(clip: ClipInput, o: Required<StlbpIpOptions>): number[] {
  const [frames, height, width] = clip.shape, { rows, columns } = o.grid, out: number[] = [];
  const at = (x: number, y: number, t: number) => clip.pixels[(t * height + y) * width + x]!;
  const times = Array.from({ length: frames }, (_, t) => t).slice(o.reference === "onset" ? 0 : 1);
  const edge = (i: number, n: number, size: number) => Math.floor(i * size / n);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      const ys = Array.from(
        { length: edge(r + 1, rows, height) - edge(r, rows, height) },
        (_, i) => edge(r, rows, height) + i,
      );
      const xs = Array.from(
        { length: edge(c + 1, columns, width) - edge(c, columns, width) },
        (_, i) => edge(c, columns, width) + i,
      );
      const change = (x: number, y: number, t: number) =>
        at(x, y, t) - at(x, y, o.reference === "onset" ? 0 : t - 1);
      const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
      const images = [
        times.map((t) => ys.map((y) => mean(xs.map((x) => change(x, y, t))))),
        times.map((t) => xs.map((x) => mean(ys.map((y) => change(x, y, t))))),
      ];
      const share = (codes: number[], bins: number) =>
        Array.from({ length: bins }, (_, b) => codes.filter((code) => code === b).length / codes.length);
      for (const image of images) {
        const codes = image.flatMap((line) =>
          line.flatMap((own, i) => {
            if (i < o.mask / 2 || i >= line.length - o.mask / 2) return [];
            const around = [...line.slice(i - o.mask / 2, i), ...line.slice(i + 1, i + 1 + o.mask / 2)];
            return [around.reduce((sum, value, p) => sum + (value >= own - 1e-6 ? 2 ** p : 0), 0)];
          })
        );
        out.push(...share(codes, 2 ** o.mask));
      }
      for (const image of images) {
        const codes: number[] = [];
        for (let k = o.radius; k < image.length - o.radius; k++) {
          for (let i = o.radius; i < image[0]!.length - o.radius; i++) {
            let code = 0;
            for (let p = 0; p < o.neighbours; p++) {
              const a = 2 * Math.PI * p / o.neighbours;
              const place = i - o.radius * Math.sin(a), time = k - o.radius * Math.cos(a);
              const round = (v: number) => Math.abs(v - Math.round(v)) < 1e-9 ? Math.round(v) : v;
              const [px, pt] = [round(place), round(time)];
              const [x0, t0] = [Math.floor(px), Math.floor(pt)];
              let value = 0;
              for (const [dx, wx] of [[0, 1 - (px - x0)], [1, px - x0]] as const) {
                for (const [dt, wt] of [[0, 1 - (pt - t0)], [1, pt - t0]] as const) {
                  if (wx * wt > 0) value += wx * wt * image[t0 + dt]![x0 + dx]!;
                }
              }
              if (value >= image[k]![i]! - 1e-6) code += 2 ** p;
            }
            codes.push(uniformBin(code, o.neighbours));
          }
        }
        out.push(...share(codes, o.neighbours * (o.neighbours - 1) + 3));
      }
    }
  }
  return out;
}

const settings: Required<StlbpIpOptions> = {
  mask: 4,
  radius: 1,
  neighbours: 8,
  reference: "onset",
  grid: { rows: 2, columns: 2 },
};

Deno.test("STLBP-IP is what its formula says", () => {
  for (
    const changes of [
      {},
      { reference: "previous" as const, mask: 6, grid: { rows: 1, columns: 2 } },
      { radius: 2, neighbours: 6, mask: 2 },
    ]
  ) {
    const options = { ...settings, ...changes }, clip = texture(11, [7, 17, 22], 20);
    const found = stlbpIp(clip, options), expected = naive(clip, options);
    assertEquals(found.length, expected.length);
    expected.forEach((value, i) =>
      assert(Math.abs(found[i]! - value) < 1e-6, `${i}: ${found[i]}, expected ${value}`)
    );
  }
});

Deno.test("STLBP-IP sees changes alone: what is the same in all frames may be added", () => {
  const clip = texture(12, [6, 14, 14], 20), dark = { ...clip, pixels: clip.pixels.map((v) => v >> 1) };
  const added = { ...dark, pixels: dark.pixels.map((v, i) => v + (i * 7 % 196) % 100) }; // the period is a frame's size
  assertEquals(stlbpIp(added, settings), stlbpIp(dark, settings));
});

Deno.test("a transposed clip exchanges the two projections", () => {
  const clip = texture(13, [6, 16, 16], 30), pixels = clip.pixels.slice();
  for (let t = 0; t < 6; t++) {
    for (let y = 0; y < 16; y++) {
      for (let x = 0; x < 16; x++) pixels[(t * 16 + x) * 16 + y] = clip.pixels[(t * 16 + y) * 16 + x]!;
    }
  }
  const options = { ...settings, grid: { rows: 1, columns: 1 } };
  const a = [...stlbpIp(clip, options)], b = [...stlbpIp({ ...clip, pixels }, options)];
  assertEquals(b, [...a.slice(16, 32), ...a.slice(0, 16), ...a.slice(32 + 59), ...a.slice(32, 32 + 59)]);
});

Deno.test("blocks smaller than the mask are refused", () => {
  assertThrows(
    () => stlbpIp(texture(1, [6, 40, 40])),
    RangeError,
    "blocks must be 9 pixels high and wide, the smallest side is 8",
  );
  assertThrows(
    () => stlbpIp(texture(1, [6, 40, 40]), { ...settings, mask: 3 }),
    RangeError,
    "mask must be an even number",
  );
  assertThrows(
    () => stlbpIp(texture(1, [2, 40, 40]), settings),
    RangeError,
    "2 difference images are too few",
  );
});
