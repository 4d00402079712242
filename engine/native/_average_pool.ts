import * as tf from "@tensorflow/tfjs";
import type { NativeBackend } from "./_load_backend.ts";

type Attributes = tf.NamedAttrMap & {
  readonly filterSize: number | [number, number];
  readonly strides: number | [number, number];
  readonly pad: "valid" | "same" | number;
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
};
type Packaged = (inputs: tf.NamedTensorInfoMap, attrs: tf.NamedAttrMap) => tf.TensorInfo;

/** Average pooling that counts no padding. TensorFlow has none with explicit padding, which is done by hand. */
export function avgPool(
  inputs: { x: tf.TensorInfo },
  attrs: Attributes,
  _backend: NativeBackend,
  packaged: Packaged,
): tf.TensorInfo {
  const padding = byHand(inputs.x.shape, attrs);
  if (padding === undefined) return packaged(inputs, attrs);
  return tf.tidy(() => {
    const pooled = packaged({ x: tf.pad(inputs.x as tf.Tensor, padding) }, {
      ...attrs,
      pad: "valid",
    }) as tf.Tensor;
    return tf.div(pooled, shareWithin(inputs.x.shape, padding, attrs));
  });
}

/** Its gradient. */
export function avgPoolGrad(
  inputs: { dy: tf.TensorInfo; input: tf.TensorInfo },
  attrs: Attributes,
  _backend: NativeBackend,
  packaged: Packaged,
): tf.TensorInfo {
  const { dy, input } = inputs;
  const padding = byHand(input.shape, attrs);
  if (padding === undefined) return packaged({ dy, input }, attrs);
  return tf.tidy(() => {
    const scaled = tf.div(dy as tf.Tensor, shareWithin(input.shape, padding, attrs));
    const padded = tf.pad(input as tf.Tensor, padding); // of which only the shape counts
    const dx = packaged({ dy: scaled, input: padded }, { ...attrs, pad: "valid" }) as tf.Tensor;
    return tf.slice(dx, padding.map(([before]) => before), input.shape);
  });
}

/** The padding of each axis, or undefined where TensorFlow knows it. */
function byHand(shape: readonly number[], attrs: Attributes): [number, number][] | undefined {
  const { filterSize, strides, pad, dimRoundingMode } = attrs;
  const { padInfo } = tf.backend_util.computePool2DInfo(
    shape as never,
    filterSize,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
  if (padInfo.type === "VALID" || padInfo.type === "SAME") return undefined;
  return [[0, 0], [padInfo.top, padInfo.bottom], [padInfo.left, padInfo.right], [0, 0]];
}

/** The part of each window that lies within the map, (1, h', w', 1). */
function shareWithin(
  [, h, w]: readonly number[],
  padding: [number, number][],
  { filterSize, strides }: Attributes,
): tf.Tensor {
  const ones = tf.pad(tf.ones([1, h as number, w as number, 1]) as tf.Tensor4D, padding);
  return tf.avgPool(ones, filterSize, strides, "valid");
}
