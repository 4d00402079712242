// TV-L1 against OpenCV's (tests/golden/flow.safetensors, made by tools/golden/flow.py) and against the true motion.
import { assert, assertEquals, assertThrows } from "@std/assert";
import { type Flow, type GreyImage, tvl1Flow, type Tvl1FlowOptions } from "../../../data/mod.ts";
import { readSafetensors } from "../../../models/mod.ts";

const golden = readSafetensors(
  Deno.readFileSync(new URL("../../golden/flow.safetensors", import.meta.url)),
);
const names = ["shift", "zoom", "turn", "pull", "far", "smile", "surprise", "frown"];

function image(key: string): GreyImage {
  const { shape, data } = golden.tensors.get(key)!;
  return { width: shape[1]!, height: shape[0]!, pixels: Float32Array.from(data as Uint8Array) };
}

function flow(key: string): Flow {
  const { shape, data } = golden.tensors.get(key)!, count = shape[1]! * shape[2]!;
  const plane = (k: number) => (data as Float32Array).subarray(k * count, (k + 1) * count);
  return { width: shape[2]!, height: shape[1]!, u: plane(0), v: plane(1) };
}

/** Mean endpoint difference, pixels. */
function difference(a: Flow, b: Flow): number {
  let sum = 0;
  for (let i = 0; i < a.u.length; i++) sum += Math.hypot(a.u[i]! - b.u[i]!, a.v[i]! - b.v[i]!);
  return sum / a.u.length;
}

for (const name of names) {
  Deno.test(`tvl1Flow() is OpenCV's and as near the true motion: ${name}`, () => {
    const ours = tvl1Flow(image(`${name}/from`), image(`${name}/to`));
    const theirs = flow(`${name}/opencv`), truth = flow(`${name}/true`);
    assertEquals([ours.width, ours.height, ours.u.length], [theirs.width, theirs.height, theirs.u.length]);
    const apart = difference(ours, theirs);
    assert(apart < 0.1, `${apart} px from OpenCV's`);
    const [error, theirError] = [difference(ours, truth), difference(theirs, truth)];
    assert(error < theirError + 0.02, `${error} px from the true motion, OpenCV's is ${theirError}`);
    const still = difference({ ...truth, u: truth.u.map(() => 0), v: truth.v.map(() => 0) }, truth);
    assert(error < 0.7 * still, `${error} px from the true motion, no motion at all is ${still}`);
  });
}

for (const name of ["few", "median3", "smooth"]) {
  Deno.test(`tvl1Flow() with a fixed number of iterations is OpenCV's but for rounding: ${name}`, () => {
    const { medianFiltering, ...options } = JSON.parse(golden.metadata[name]!);
    const settings: Tvl1FlowOptions = {
      ...options,
      ...(medianFiltering === undefined
        ? {}
        : { medianFiltering: medianFiltering === 1 ? 0 : medianFiltering }),
    };
    const apart = difference(
      tvl1Flow(image("pull/from"), image("pull/to"), settings),
      flow(`options/${name}`),
    );
    assert(apart < 1e-4, `${apart} px`);
  });
}

Deno.test("tvl1Flow() finds no motion between equal images, whatever the width modulo 4", () => {
  for (const width of [16, 17, 18, 19, 3]) {
    const pixels = Float32Array.from({ length: width * 16 }, (_, i) => 100 + 90 * Math.sin(i * i));
    const { u, v } = tvl1Flow({ width, height: 16, pixels }, { width, height: 16, pixels });
    assertEquals([...u, ...v].filter((value) => value !== 0), []);
  }
});

Deno.test("tvl1Flow() is turned when the images are turned", () => {
  const turned = ({ width, height, pixels }: GreyImage) => ({
    width: height,
    height: width,
    pixels: Float32Array.from(pixels, (_, i) => pixels[(i % height) * width + Math.floor(i / height)]!),
  });
  const [from, to] = [image("pull/from"), image("pull/to")];
  const upright = tvl1Flow(from, to), lying = tvl1Flow(turned(from), turned(to));
  const back = turned({ ...lying, pixels: lying.v }).pixels;
  const mean = back.reduce((sum, value, i) => sum + Math.abs(value - upright.u[i]!), 0) / back.length;
  assert(mean < 0.02, `${mean} px`); // not 0: sums are taken in another order and iterations stop by them
});

Deno.test("tvl1Flow() gives the same bytes again, also after images of another size", () => {
  const once = tvl1Flow(image("smile/from"), image("smile/to"));
  tvl1Flow(image("far/from"), image("far/to"));
  assertEquals(tvl1Flow(image("smile/from"), image("smile/to")), once);
});

Deno.test("tvl1Flow() starts from the initial flow", () => {
  const truth = flow("far/true"), weak: Tvl1FlowOptions = { nscales: 1, warps: 1, outerIterations: 1 };
  const [from, to] = [image("far/from"), image("far/to")];
  const started = difference(tvl1Flow(from, to, { ...weak, initialFlow: truth }), truth);
  const cold = difference(tvl1Flow(from, to, weak), truth);
  assert(started < 0.5 && cold > 2, `${started} and ${cold} px`);
  // Brought down to the coarsest scale and up again it stays what it was.
  const scaled = difference(tvl1Flow(from, to, { nscales: 3, initialFlow: truth }), truth);
  assert(scaled < 0.4, `${scaled} px`);
});

Deno.test("tvl1Flow() refuses what makes no sense, naming it", () => {
  const fine = image("pull/from"), { width, height, pixels } = fine;
  const refused = (from: GreyImage, to: GreyImage, options: Tvl1FlowOptions, why: string) => {
    assertThrows(() => tvl1Flow(from, to, options), RangeError, why);
  };
  refused({ width: 2, height: 2, pixels: new Float32Array(4) }, fine, {}, "current size is 2x2");
  refused(fine, { width: height, height: width, pixels }, {}, `${width}x${height} and ${height}x${width}`);
  refused(fine, { ...fine, pixels: pixels.subarray(1) }, {}, `to.pixels must have ${width * height} values`);
  refused(fine, { ...fine, pixels: pixels.map((value, i) => i === 7 ? NaN : value) }, {}, "value 7 is NaN");
  refused(fine, fine, { lambda: 0 }, "lambda must be a positive number, current value is 0");
  refused(fine, fine, { theta: NaN }, "theta must be a positive number, current value is NaN");
  refused(fine, fine, { epsilon: -1 }, "epsilon must be 0 or more");
  refused(fine, fine, { warps: 1.5 }, "warps must be a positive integer");
  refused(fine, fine, { scaleStep: 1 }, "scaleStep must be between 0 and 1");
  refused(fine, fine, { medianFiltering: 4 as 5 }, "medianFiltering must be 0, 3 or 5");
  refused(fine, fine, { initialFlow: flow("smile/true") }, "initialFlow must have the images' size");
});
