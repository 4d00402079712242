// The contract suite passes for a method that keeps it, so that a failure elsewhere is the method's.
import { z } from "zod";
import { readSafetensors, writeSafetensors } from "../../models/mod.ts";
import { type Method, type MethodDefinition, type MethodSample, UserError } from "../../types.ts";
import { methodContract } from "./_method_contract.ts";

const settings = z.strictObject({
  step: z.int().positive().default(3).describe("Pixels between two samples."),
});

interface Means {
  readonly means: Float32Array;
  readonly present: Float32Array;
}

/** The nearest mean of every third pixel: the least that is a method. */
function nearestMean({ step }: z.output<typeof settings>, classes: number): Method<"clip", Means> {
  return {
    describedBy: `nearest-mean 1 ${step}`,
    describe: ({ pixels }) =>
      Float32Array.from({ length: Math.floor(pixels.length / step) }, (_, i) => pixels[i * step]!),
    steps: 1,
    async train(samples: readonly MethodSample[], _seed, { onStep } = {}) {
      const length = samples[0]?.features.length;
      if (length === undefined) throw new RangeError("Cannot train nearest-mean: there is no clip");
      const means = new Float32Array(classes * length), counts = new Float32Array(classes);
      for (const { classIndex, features } of samples) {
        if (features.length !== length || !(classIndex < classes)) {
          throw new RangeError("Cannot train nearest-mean: lengths or classes differ");
        }
        features.forEach((value, i) => means[classIndex * length + i]! += value);
        counts[classIndex]!++;
      }
      means.forEach((sum, i) => means[i] = sum / (counts[Math.floor(i / length)] || 1));
      await onStep?.({ step: 1, steps: 1, values: { clips: samples.length } });
      return { means, present: counts.map((n) => Number(n > 0)) };
    },
    predict({ means, present }, features) {
      const length = means.length / classes;
      if (features.length !== length) throw new RangeError("Cannot predict: wrong length");
      const values = Float64Array.from(features);
      const distance = (c: number) =>
        values.reduce((sum, value, i) => sum + (value - means[c * length + i]!) ** 2, 0);
      const distances = Array.from(present, (there, c) => there ? distance(c) : Infinity);
      return { prediction: distances.indexOf(Math.min(...distances)) };
    },
    save: ({ means, present }) =>
      Promise.resolve(
        writeSafetensors({
          means: { shape: [means.length], data: means },
          present: { shape: [classes], data: present },
        }),
      ),
    load(bytes) {
      const { tensors } = readSafetensors(bytes, { file: "nearest-mean" });
      const of = (name: string) => {
        const data = tensors.get(name)?.data;
        if (!(data instanceof Float32Array)) throw new UserError(`Cannot load: there is no ${name}.`);
        return data;
      };
      return { means: of("means"), present: of("present") };
    },
    dispose: () => {},
  };
}

const definition: MethodDefinition<typeof settings, "clip", Means> = {
  name: "nearest-mean",
  title: "Nearest mean",
  citation: { authors: ["Us"], title: "A method of the tests", venue: "tests", year: 2026 },
  input: { kind: "clip", channels: 1 },
  settings,
  small: { step: 5 },
  create: nearestMean,
};

methodContract(definition);
