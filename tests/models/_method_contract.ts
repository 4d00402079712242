// The behaviour that every method promises (types.ts, `MethodDefinition`): a method's own test calls `methodContract`.
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { seededRandom } from "../../engine/mod.ts";
import {
  type InputNeed,
  type MethodDefinition,
  type MethodInputs,
  type MethodOutput,
  type MethodSample,
  type MethodStep,
  UserError,
} from "../../types.ts";
import { useEngine } from "../_engine.ts";

/** What the suite needs to know of a method beside its definition. */
export interface MethodContractOptions {
  /** T, h, w of the inputs. @default [6, 32, 32] */
  shape?: readonly [frames: number, height: number, width: number];
  /** Settings of the tests; small ones, where training is long. @default the definition's `small` */
  settings?: Record<string, unknown>;
  /**
   * How often `describe` may take as long as a copy of its input through a plain loop: the bound is relative, so that it holds on any machine.
   *
   * @default 2000
   */
  copies?: number;
  /** The least accuracy on the six clips that it was trained on, which are told apart by eye. @default 1 */
  accuracy?: number;
}

const classes = 3;

/** The suite: shapes, determinism, leaks, degenerate folds, save and load, speed. */
export function methodContract(definition: MethodDefinition, options: MethodContractOptions = {}): void {
  const { shape = [6, 32, 32], copies = 2000, accuracy = 1 } = options;
  const { name, input: need } = definition;
  const settings = definition.settings.parse(options.settings ?? definition.small);
  const make = () => definition.create(settings, classes);
  const inputOf = (classIndex: number, k: number) => methodInput(need, shape, classIndex, k);
  /** Two clips of each of three subjects and classes: subject s has a clip of class s and one of class s + 1. */
  const samplesOf = (method: ReturnType<typeof make>): MethodSample[] =>
    [0, 1, 2].flatMap((s) =>
      [s, (s + 1) % classes].map((classIndex, k) => ({
        database: s < 2 ? "smic" : "casme2",
        subject: `s${s}`,
        clip: `c${k}`,
        classIndex,
        features: method.describe(inputOf(classIndex, 2 * s + k)),
      }))
    );
  const test = (what: string, body: () => void | Promise<void>) =>
    Deno.test(`${name}: ${what}`, async () => {
      await useEngine();
      await body();
    });

  test("names itself, its paper and its settings", () => {
    assert(/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name));
    const { authors, title, venue, year } = definition.citation;
    assert(authors.length > 0 && title.length > 10 && venue.length > 2 && year > 1990 && year < 2030);
    const defaults = definition.settings.parse({});
    assertEquals(definition.settings.parse(defaults), defaults); // what a run keeps gives itself
    assertThrows(() => definition.settings.parse({ noSuchSetting: 1 }));
  });

  test("features depend on the input alone, are finite, and of one length", () => {
    const [a, b] = [make(), make()];
    const inputs = [0, 1, 2].map((c) => inputOf(c, c));
    const first = inputs.map((input) => a.describe(input));
    // In another order, by another instance, with what was described before: the same numbers.
    const again = [...inputs].reverse().map((input) => b.describe(input)).reverse();
    assertEquals(again, first);
    assertEquals(a.describedBy, b.describedBy);
    for (const features of first) {
      assertEquals(features.length, first[0]?.length);
      assert(features.every(Number.isFinite), "a feature is not finite");
      assert(new Set(features).size > 1, "all features are the same");
    }
    assert(String(first[0]) !== String(first[1]), "two different clips have the same features");
    assertEquals(inputs, [0, 1, 2].map((c) => inputOf(c, c)), "describe changed its input");
  });

  test("features of a clip without any motion or texture are finite", () => {
    const features = make().describe(blankInput(need, shape));
    assert(features.every(Number.isFinite));
    assertEquals(features.length, make().describe(inputOf(0, 0)).length);
  });

  test("training learns, reports its steps, and repeats to the byte", async () => {
    const method = make();
    const samples = samplesOf(method), before = structuredClone(samples);
    const steps: MethodStep[] = [];
    const trained = await method.train(samples, 7, {
      onStep: (step) => {
        steps.push(step);
        return Promise.resolve();
      },
    });
    assertEquals(samples, before, "training changed its samples");
    assertEquals(steps.map(({ step }) => step), Array.from({ length: method.steps }, (_, i) => i + 1));
    assert(steps.every((step) => step.steps === method.steps));
    const outputs = samples.map(({ features }) => method.predict(trained, features));
    outputs.forEach(checkOutput);
    const right = outputs.filter(({ prediction }, i) => prediction === samples[i]?.classIndex).length;
    assert(right / 6 >= accuracy, `${right} of the six clips that it was trained on are right`);
    const other = make();
    const again = await other.train(samplesOf(other), 7);
    assertEquals(await other.save(again), await method.save(trained));
    method.dispose(trained);
    other.dispose(again);
  });

  test("what is saved and loaded predicts the same", async () => {
    const method = make(), samples = samplesOf(method);
    const trained = await method.train(samples, 1);
    const bytes = await method.save(trained);
    const other = make(), loaded = other.load(bytes);
    for (const { features } of samples) {
      assertEquals(other.predict(loaded, features), method.predict(trained, features));
    }
    assertEquals(await other.save(loaded), bytes);
    assertThrows(() => method.load(bytes.subarray(0, bytes.length >> 1)), UserError);
    assertThrows(() => method.load(new TextEncoder().encode("no model")), UserError);
    method.dispose(trained);
    other.dispose(loaded);
  });

  test("no tensor is left behind", async () => {
    const method = make(), samples = samplesOf(method);
    const round = async () => {
      const trained = await method.train(samples.slice(0, 4), 1);
      const loaded = method.load(await method.save(trained));
      samples.forEach(({ features }) => method.predict(loaded, features));
      method.dispose(trained);
      method.dispose(loaded);
    };
    await round(); // engines keep some of what they make first
    const { numTensors } = tf.memory();
    await round();
    assertEquals(tf.memory().numTensors, numTensors);
  });

  test("a fold of one class predicts that class, a fold of one clip its class", async () => {
    const method = make(), samples = samplesOf(method);
    const ofOne = samples.map((sample) => ({ ...sample, classIndex: 2 }));
    for (const train of [ofOne, ofOne.slice(0, 1)]) {
      const trained = await method.train(train, 1);
      for (const { features } of samples) {
        const output = method.predict(trained, features);
        checkOutput(output);
        if (accuracy === 1) assertEquals(output.prediction, 2);
      }
      assert((await method.save(trained)).length > 0);
      method.dispose(trained);
    }
  });

  test("a fold without a class never predicts what is not a class, and one subject is enough", async () => {
    const method = make(), samples = samplesOf(method);
    for (
      const train of [
        samples.filter(({ classIndex }) => classIndex !== 1),
        samples.map((sample) => ({ ...sample, database: "smic", subject: "s0" })),
      ]
    ) {
      const trained = await method.train(train, 1);
      for (const { features } of samples) checkOutput(method.predict(trained, features));
      method.dispose(trained);
    }
  });

  test("no clip, a class out of range, features of two lengths are refused", async () => {
    const method = make(), samples = samplesOf(method);
    await assertRejects(() => method.train([], 1), RangeError);
    const [one] = samples as [MethodSample];
    await assertRejects(() => method.train([{ ...one, classIndex: classes }], 1), RangeError);
    const short = { ...one, features: one.features.slice(1) };
    await assertRejects(() => method.train([one, short], 1), RangeError);
    const trained = await method.train(samples, 1);
    assertThrows(() => method.predict(trained, short.features), RangeError);
    method.dispose(trained);
  });

  test(`describing takes less than ${copies} plain loops over the input`, () => {
    const method = make(), input = inputOf(0, 0);
    const best = (body: () => void) => {
      let least = Infinity;
      for (let i = 0; i < 5; i++) {
        const began = performance.now();
        body();
        least = Math.min(least, performance.now() - began);
      }
      return least;
    };
    const planes = input.kind === "clip"
      ? [input.pixels]
      : input.kind === "apex"
      ? [input.onset, input.apex]
      : [input.u, input.v, input.strain];
    let sum = 0;
    const loops = 200;
    const loop = best(() => {
      for (let n = 0; n < loops; n++) {
        for (const plane of planes) for (let i = 0; i < plane.length; i++) sum += plane[i] as number;
      }
    }) / loops;
    assert(Number.isFinite(sum));
    for (let i = 0; i < 3; i++) method.describe(input); // compiled by now
    const taken = best(() => method.describe(input));
    assert(taken <= copies * loop, `it takes ${Math.ceil(taken / loop)} of them`);
  });
}

function checkOutput({ prediction, probabilities }: MethodOutput): void {
  assert(Number.isInteger(prediction) && prediction >= 0 && prediction < classes, `class ${prediction}`);
  if (probabilities === undefined) return;
  assertEquals(probabilities.length, classes);
  assertEquals(probabilities.indexOf(Math.max(...probabilities)), prediction);
  assert(Math.abs(probabilities.reduce((a, b) => a + b) - 1) < 1e-5, "probabilities do not sum to 1");
}

/** A made-up input: stripes that move in a direction and as fast as the class says, with noise of the clip's own. */
export function methodInput(
  need: InputNeed,
  [frames, height, width]: readonly [number, number, number],
  classIndex: number,
  clip: number,
): MethodInputs[keyof MethodInputs] {
  const random = seededRandom(clip);
  const angle = (classIndex * Math.PI) / 3, speed = 0.4 + 0.5 * classIndex;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const frame = (t: number, channels: number) =>
    Uint8Array.from({ length: height * width * channels }, (_, i) => {
      const p = Math.floor(i / channels), x = p % width, y = Math.floor(p / width);
      const stripes = Math.sin((cos * x + sin * y - speed * t) / (1.5 + classIndex));
      return Math.round(120 + 70 * stripes + 10 * Math.sin(x / 5 + y / 3) + 4 * random.next());
    });
  if (need.kind === "clip") {
    const size = height * width * need.channels, pixels = new Uint8Array(frames * size);
    for (let t = 0; t < frames; t++) pixels.set(frame(t, need.channels), t * size);
    return { kind: "clip", pixels, shape: [frames, height, width, need.channels] };
  }
  if (need.kind === "apex") {
    return {
      kind: "apex",
      onset: frame(0, need.channels),
      apex: frame(frames, need.channels),
      shape: [height, width, need.channels],
    };
  }
  const maps = need.maps === "apex" ? 1 : frames - 1, unit = need.units[0] ?? "pixels";
  const plane = (f: (x: number, y: number) => number) =>
    Float32Array.from({ length: maps * height * width }, (_, i) => {
      const value = f(i % width, Math.floor(i / width) % height) + 0.05 * random.normal();
      return unit === "pixels" ? value : Math.max(0, Math.min(255, 128 + 60 * value));
    });
  const bump = (x: number, y: number) =>
    Math.exp(
      -(((x - width / 2) / (width / 4)) ** 2) - ((y - height * (0.3 + 0.2 * classIndex)) / (height / 4)) ** 2,
    );
  return {
    kind: "flow",
    u: plane((x, y) => cos * speed * bump(x, y)),
    v: plane((x, y) => sin * speed * bump(x, y)),
    strain: plane((x, y) => speed * bump(x, y) / 10).map(Math.abs),
    shape: [maps, height, width],
    unit,
  };
}

/** Nothing moves, nothing is to be seen. */
function blankInput(
  need: InputNeed,
  shape: readonly [number, number, number],
): MethodInputs[keyof MethodInputs] {
  const input = structuredClone(methodInput(need, shape, 0, 0));
  const planes = input.kind === "clip"
    ? [input.pixels]
    : input.kind === "apex"
    ? [input.onset, input.apex]
    : [input.u, input.v, input.strain];
  const rest = need.kind === "flow" && need.units[0] === "pixels" ? 0 : 128;
  for (const plane of planes) plane.fill(rest);
  return input;
}
