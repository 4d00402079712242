// Bi-WOOF and FHOFO against their formulas in plain loops, and the symmetries of histograms of directions.
import { assert, assertEquals, assertThrows } from "@std/assert";
import { seededRandom } from "../../../engine/mod.ts";
import { biWoof, fhofo } from "../../../models/mod.ts";
import type { FlowInput } from "../../../types.ts";

function flowOf(seed: number, shape: readonly [number, number, number]): FlowInput {
  const random = seededRandom(seed), size = shape.reduce((a, b) => a * b);
  const plane = (f: () => number) => Float32Array.from({ length: size }, f);
  return {
    kind: "flow",
    u: plane(() => random.next() < 0.1 ? 0 : random.normal()),
    v: plane(() => random.next() < 0.1 ? 0 : random.normal()),
    strain: plane(() => Math.abs(random.normal()) / 10),
    shape,
    unit: "pixels",
  };
}

function near(found: Float32Array, expected: readonly number[], tolerance = 1e-5): void {
  assertEquals(found.length, expected.length);
  expected.forEach((value, i) =>
    assert(
      Math.abs(found[i]! - value) <= tolerance * Math.max(1, Math.abs(value)),
      `${i}: ${found[i]}, expected ${value}`,
    )
  );
}

/** The pixels of each block, map by map. */
function blocksOf(
  { shape }: FlowInput,
  { rows, columns }: { rows: number; columns: number },
): number[][] {
  const [maps, height, width] = shape, blocks: number[][] = [];
  const inside = (at: number, part: number, parts: number, size: number) =>
    at >= Math.floor(part * size / parts) && at < Math.floor((part + 1) * size / parts);
  for (let map = 0; map < maps; map++) {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const block: number[] = [];
        for (let y = 0; y < height; y++) {
          for (let x = 0; x < width; x++) {
            if (inside(y, row, rows, height) && inside(x, column, columns, width)) {
              block.push((map * height + y) * width + x);
            }
          }
        }
        blocks.push(block);
      }
    }
  }
  return blocks;
}

Deno.test("Bi-WOOF is what its formula says", () => {
  const flow = flowOf(1, [1, 13, 17]), grid = { rows: 3, columns: 4 }, bins = 8, { u, v, strain } = flow;
  const weights = {
    magnitude: (i: number) => Math.hypot(u[i]!, v[i]!),
    strain: (i: number) => strain[i]!,
    none: () => 1,
  };
  for (const local of ["magnitude", "strain", "none"] as const) {
    for (const global of ["magnitude", "strain", "none"] as const) {
      const expected = blocksOf(flow, grid).flatMap((block) => {
        const zeta = block.reduce((sum, i) => sum + weights[global](i), 0) / block.length;
        return Array.from({ length: bins }, (_, c) => {
          const low = -Math.PI + 2 * Math.PI * c / bins, high = low + 2 * Math.PI / bins;
          const inBin = block.filter((i) => {
            const theta = Math.atan2(v[i]!, u[i]!);
            return (theta === Math.PI ? -Math.PI : theta) >= low - 1e-7 &&
              (theta === Math.PI ? -Math.PI : theta) < high - 1e-7;
          });
          return zeta * inBin.reduce((sum, i) => sum + weights[local](i), 0);
        });
      });
      near(biWoof(flow, { grid, bins, local, global }), expected);
    }
  }
});

Deno.test("Bi-WOOF of motion twice as large, without strain as weight, is twice as large; of more strain it grows alike", () => {
  const flow = flowOf(2, [1, 12, 12]), grid = { rows: 2, columns: 2 };
  const first = biWoof(flow, { grid });
  near(
    biWoof({ ...flow, u: flow.u.map((x) => 2 * x), v: flow.v.map((x) => 2 * x) }, { grid }),
    [...first].map((x) => 2 * x),
  );
  near(biWoof({ ...flow, strain: flow.strain.map((x) => 3 * x) }, { grid }), [...first].map((x) => 3 * x));
});

for (const [name, descriptor] of [["Bi-WOOF", biWoof], ["FHOFO", fhofo]] as const) {
  Deno.test(`${name}: all motion turned by a quarter moves the bins by a quarter`, () => {
    const flow = flowOf(3, [1, 10, 10]), grid = { rows: 2, columns: 1 };
    const turned = descriptor({ ...flow, u: flow.v.map((x) => -x), v: flow.u }, { grid }),
      first = descriptor(flow, { grid });
    near(turned, Array.from(first, (_, i) => first[i - i % 8 + (i % 8 + 6) % 8]!), 2e-3);
  });
  Deno.test(`${name} refuses flow of 8-bit images, and grids finer than the maps`, () => {
    const flow = flowOf(4, [1, 6, 6]);
    assertThrows(() => descriptor({ ...flow, unit: "stored" }), RangeError, "flow must be in pixels");
    assertThrows(
      () => descriptor(flow, { grid: { rows: 7, columns: 1 } }),
      RangeError,
      "6 rows do not make 7 blocks",
    );
    assertThrows(() => descriptor({ ...flow, shape: [1, 5, 6] }), RangeError, "have other than 36");
  });
}

Deno.test("FHOFO is what its formula says", () => {
  const flow = flowOf(5, [3, 11, 9]),
    grid = { rows: 2, columns: 3 },
    bins = 8,
    spread = 0.7,
    leastMotion = 0.3;
  const { u, v } = flow;
  const expected = blocksOf(flow, grid).flatMap((block) => {
    const sums = new Array<number>(bins).fill(0);
    for (const i of block) {
      if (Math.hypot(u[i]!, v[i]!) < leastMotion) continue;
      const theta = Math.atan2(v[i]!, u[i]!);
      const mu = sums.map((_, k) => {
        const apart = Math.abs(
          Math.atan2(Math.sin(theta - 2 * Math.PI * k / bins), Math.cos(theta - 2 * Math.PI * k / bins)),
        );
        return Math.exp(-(apart ** 2) / (2 * (spread * 2 * Math.PI / bins) ** 2));
      });
      const all = mu.reduce((a, b) => a + b);
      mu.forEach((m, k) => sums[k]! += m / all);
    }
    return sums.map((sum) => sum / block.length);
  });
  near(fhofo(flow, { grid, bins, spread, leastMotion }), expected, 1e-3); // directions are told apart to a twentieth of a degree
});

Deno.test("FHOFO does not change when all motion grows, and changes little when it turns little", () => {
  const flow = flowOf(6, [2, 10, 10]), grid = { rows: 2, columns: 2 };
  const first = fhofo(flow, { grid, leastMotion: 0 });
  near(
    fhofo({ ...flow, u: flow.u.map((x) => 4 * x), v: flow.v.map((x) => 4 * x) }, { grid, leastMotion: 0 }),
    [...first],
    1e-6,
  );
  const a = Math.PI / 90,
    turned = {
      ...flow,
      u: flow.u.map((x, i) => x * Math.cos(a) - flow.v[i]! * Math.sin(a)),
      v: flow.v.map((y, i) => flow.u[i]! * Math.sin(a) + y * Math.cos(a)),
    };
  const after = fhofo(turned, { grid, leastMotion: 0 });
  assert(
    first.every((value, i) => Math.abs(value - after[i]!) < 0.02),
    "two degrees change a bin by 0.02 or more",
  );
});

Deno.test("FHOFO of the narrowest memberships has hard edges, and narrower ones are refused", () => {
  const random = seededRandom(7), grid = { rows: 1, columns: 1 }, expected = new Array<number>(8).fill(0);
  const angles = Array.from({ length: 81 }, () => {
    const bin = random.integer(8);
    expected[bin]! += 1 / 81;
    return (bin + 0.9 * (random.next() - 0.5)) * Math.PI / 4; // not next to an edge
  });
  const flow: FlowInput = {
    ...flowOf(7, [1, 9, 9]),
    u: Float32Array.from(angles, Math.cos),
    v: Float32Array.from(angles, Math.sin),
  };
  near(fhofo(flow, { grid, spread: 0.02, leastMotion: 0 }), expected, 1e-6);
  assertThrows(() => fhofo(flow, { grid, spread: 0.01 }), RangeError, "spread 0.02 or more");
});
