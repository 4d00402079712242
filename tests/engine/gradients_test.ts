import { assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { gradients } from "../../engine/mod.ts";
import { useEngine } from "../_engine.ts";

Deno.test("gradients gives values by name, what else was returned, and zeros for what the loss ignores", async () => {
  await useEngine();
  const params = { w: tf.tensor1d([1, -2]), idle: tf.tensor2d([[1, 2, 3]]), frozen: tf.scalar(4) };
  const before = tf.memory().numTensors;
  const { value, grads } = gradients(
    () => {
      const squares = params.w.square();
      return { loss: squares.sum().mul(params.frozen).asScalar(), parts: { squares, same: params.w } };
    },
    params,
    ["w", "idle"],
  );
  assertEquals(value.loss.arraySync(), 20);
  assertEquals(value.parts.squares.arraySync(), [1, 4]);
  assertEquals(Object.keys(grads), ["w", "idle"]);
  assertEquals(grads.w?.arraySync(), [8, -16]);
  assertEquals(grads.idle?.arraySync(), [[0, 0, 0]]);
  assertEquals(params.w.isDisposed, false);
  assertEquals(tf.memory().numTensors, before + 4); // loss, squares, two gradients
  tf.dispose([value.loss, value.parts.squares, grads]);
  assertEquals(tf.memory().numTensors, before);
  tf.dispose(params);
});

Deno.test("gradients within a tidy leaves nothing behind, and keeps what was kept", async () => {
  await useEngine();
  const w = tf.scalar(3);
  const before = tf.memory().numTensors;
  const kept: tf.Tensor[] = [];
  tf.tidy(() => {
    gradients(
      () => {
        kept.push(tf.keep(w.add(1)));
        return { loss: w.square().asScalar(), more: [w.mul(2)] };
      },
      { w },
      ["w"],
    );
  });
  assertEquals(tf.memory().numTensors, before + 1);
  assertEquals(kept[0]?.dataSync()[0], 4);
  tf.dispose([w, kept]);
});

Deno.test("gradients names an unknown parameter and a loss that is no scalar", async () => {
  await useEngine();
  const w = tf.tensor1d([1, 2]);
  assertThrows(
    () => gradients(() => ({ loss: w.sum().asScalar() }), { w }, ["v"]),
    RangeError,
    "there is no parameter v",
  );
  assertThrows(
    () => gradients(() => ({ loss: w.square() as unknown as tf.Scalar }), { w }, ["w"]),
    RangeError,
    "the loss must be a scalar, current shape is [2]",
  );
  w.dispose();
});
