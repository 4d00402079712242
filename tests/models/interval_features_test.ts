import { assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { intervalFeatures, twoStream } from "../../models/mod.ts";
import { useEngine } from "../_engine.ts";
import { assertClose } from "./_golden.ts";

await useEngine();

/** (2, T, 2, 1, 3) with a different value everywhere. */
function numbered(T: number): tf.Tensor5D {
  return tf.tensor5d(Array.from({ length: 12 * T }, (_, i) => Math.sin(i)), [2, T, 2, 1, 3]);
}

/** The definition as a loop. */
function naive(frames: tf.Tensor5D, s: number, offset: number, K?: number): number[][][] {
  const values = frames.arraySync();
  const T = frames.shape[1];
  return values.map((clip) =>
    [0, 1].map((y) => {
      const at: number[][] = [];
      for (let t = offset; t < T && at.length < (K ?? T); t += s) at.push(clip[t]?.[y]?.[0] as number[]);
      if (K !== undefined) return at.flat();
      return [0, 1, 2].map((c) => at.reduce((sum, frame) => sum + (frame[c] as number), 0) / at.length);
    })
  );
}

Deno.test("intervalFeatures averages frames offset, offset + s, ...", () => {
  tf.tidy(() => {
    for (const T of [1, 4, 7]) {
      const frames = numbered(T);
      const cases = T === 1 ? [[0, 0, 0]] : [[0, 0, 0], [0, 1, 3], [0, 1, 2]];
      for (const offsets of cases) {
        const maps = intervalFeatures(frames, [1, 2, 4], { offsets });
        [1, 2, 4].forEach((s, i) => {
          const expected = tf.tensor(naive(frames, s, offsets[i] as number)).reshape([2, 2, 1, 3]);
          assertClose(maps[i] as tf.Tensor, expected, 1e-6, `T ${T}, s ${s}, offset ${offsets[i]}`);
        });
      }
    }
  });
});

Deno.test("intervalFeatures lines K frames up in the channels", () => {
  tf.tidy(() => {
    const frames = numbered(7);
    const maps = intervalFeatures(frames, [1, 2], { kind: "sequence", length: 3, offsets: [0, 1] });
    [[1, 0], [2, 1]].forEach(([s, offset], i) => {
      const expected = tf.tensor(naive(frames, s as number, offset as number, 3)).reshape([2, 2, 1, 9]);
      assertEquals(maps[i]?.arraySync(), expected.arraySync() as number[][][][]); // moved, not computed
    });
  });
});

Deno.test("intervalFeatures passes gradients back to the frames that it used", () => {
  tf.tidy(() => {
    const frames = numbered(5);
    const gradient = tf.grad((x) => {
      const [v1, v4] = intervalFeatures(x as tf.Tensor5D, [1, 4]);
      return (v1 as tf.Tensor).sum().add((v4 as tf.Tensor).sum().mul(10));
    })(frames);
    const weights = [1 / 5 + 10 / 2, 1 / 5, 1 / 5, 1 / 5, 1 / 5 + 10 / 2];
    const expected = tf.tensor(weights).reshape([1, 5, 1, 1, 1]).mul(tf.onesLike(frames));
    assertClose(gradient, expected, 1e-6, "gradient");
  });
});

Deno.test("intervalFeatures and twoStream refuse what leaves the clip", () => {
  const frames = numbered(4);
  const refuses = (run: () => unknown, message: string) => assertThrows(run, RangeError, message);
  refuses(
    () => intervalFeatures(frames, [0]),
    "Cannot make interval features: interval must be a positive integer, current value is 0",
  );
  refuses(
    () => intervalFeatures(frames, [2], { offsets: [2] }),
    "Cannot make interval features: the offset of interval 2 must be an integer from 0 and below 2, current value is 2",
  );
  refuses(
    () => intervalFeatures(frames, [8], { offsets: [5] }),
    "the offset of interval 8 must be an integer from 0 and below 4, current value is 5",
  );
  refuses(
    () => intervalFeatures(frames, [1, 2], { offsets: [0] }),
    "one offset for each of 2 intervals, current value is [0]",
  );
  refuses(() => intervalFeatures(frames, [1], { kind: "sequence" }), "a sequence needs its length");
  refuses(
    () => intervalFeatures(frames, [1, 2], { kind: "sequence", length: 3 }),
    "a sequence of 3 frames at interval 2 from frame 0 needs frame 4, but a clip has 4 frames (numbered from 0)",
  );
  // (K - 1) 2^(s_c - 1) < T: 1 * 4 < 4 does not hold
  const model = twoStream({
    classes: 2,
    width: 1,
    channels: 3,
    stem: "small",
    intervalKind: "sequence",
    sequenceLength: 2,
  });
  const params = model.init(1);
  refuses(
    () =>
      tf.tidy(() =>
        model.apply(params, { apex: tf.zeros([2, 8, 8, 3]), frames: tf.zeros([2, 4, 8, 8, 3]) }, "infer")
      ),
    "Cannot apply twoStream: a sequence of 2 frames at interval 4 from frame 0 needs frame 4",
  );
  tf.dispose([frames, params]);
});
