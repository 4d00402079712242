// The two-stream network against PyTorch 2.13: tools/golden/two_stream.py.
import { assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { twoStream, type TwoStreamOptions } from "../../models/mod.ts";
import type { Mode } from "../../types.ts";
import { useEngine } from "../_engine.ts";
import { assertClose, Golden, trainingMode } from "./_golden.ts";

await useEngine();

const golden = new Golden("two_stream");
const base = { classes: 3, width: 2, stem: "small" } as const;
const offsets = [0, 1, 3];
const variants: { name: string; options: Partial<TwoStreamOptions>; offsets?: number[]; maps: string }[] = [
  { name: "mean", options: {}, maps: "" },
  { name: "intervals", options: { videoFeature: "intervals" }, maps: "" },
  { name: "offsets", options: { videoFeature: "intervals" }, offsets, maps: "offset/" },
  {
    name: "sequence",
    options: { videoFeature: "intervals", intervals: 2, intervalKind: "sequence", sequenceLength: 2 },
    maps: "sequence/",
  },
];

for (const { name, options, offsets, maps } of variants) {
  Deno.test(`twoStream with video feature ${name} gives PyTorch's maps, z and logits in both modes`, () => {
    tf.tidy(() => {
      const model = twoStream({ ...base, ...options });
      const params = golden.params(model, "start/");
      const input = {
        apex: golden.image("apex"),
        frames: golden.image<tf.Tensor5D>("frames"),
        ...(offsets === undefined ? {} : { offsets }),
      };
      const training = trainingMode();
      for (const [label, mode] of [["infer", "infer"], ["train", training]] as [string, Mode][]) {
        const output = model.apply(params, input, mode);
        assertClose(output.apexMap, golden.image(`${label}/apexMap`), 1e-4, `apex map, ${label}`);
        assertClose(output.frameMaps, golden.image(`${label}/frameMaps`), 1e-4, `frame maps, ${label}`);
        assertEquals(output.intervalMaps.length, options.intervals ?? 3);
        output.intervalMaps.forEach((map, i) => {
          assertClose(map, golden.image(`${label}/${maps}v${2 ** i}`), 1e-4, `v(${2 ** i}), ${label}`);
        });
        assertClose(output.z, golden.tensor(`${label}/${name}/z`), 1e-4, `z, ${label}`);
        assertClose(output.logits, golden.tensor(`${label}/${name}/logits`), 1e-4, `logits, ${label}`);
      }
      tf.dispose(training.updates);
    });
  });
}
