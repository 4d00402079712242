import * as tf from "@tensorflow/tfjs";
import type { Model, Params } from "../../types.ts";
import { checkPositiveInteger } from "../_check.ts";
import { convWithBias } from "../_conv.ts";
import { checkImage } from "../_image.ts";
import { defineModel, parameter, type ParameterSpec, weightAndBias } from "../_parameters.ts";
import { trunk, trunkParameters } from "../_trunk.ts";
import { routeByAgreement } from "./route_by_agreement.ts";
import { lengths, squash } from "./squash.ts";

/** The shape of a CapsuleNet. */
export interface CapsuleNetOptions {
  /** Number of classes L, one capsule each. @default {3} */
  readonly classes?: number;
  /** Side of the square input, at least 136, a multiple of 8. @default {224} */
  readonly size?: number;
  /** Channels of ResNet18's first stage; the capsules' convolutions have four times as many. @default {64} */
  readonly width?: number;
  /** Iterations of the routing. @default {3} */
  readonly routings?: number;
}

/** Dimensions of a primary capsule and of a class's. */
const [primary, final] = [8, 16];

/**
 * CapsuleNet (Van Quang, Chun, Tokuyama 2019, "CapsuleNet for micro-expression recognition", FG 2019), a row of table 5 of Xia & Wang 2021:
 * the apex frame through ResNet18 up to its third stage, a 9x9 convolution of 256 with ReLU, primary capsules (9x9, stride 2, 256 channels as
 * 8-dimensional capsules, squashed), and a 16-dimensional capsule for each class by dynamic routing: (n, 224, 224, 3) -> the lengths of the
 * classes' capsules (n, L), each in [0, 1); the longest is the prediction. Trained with `marginLoss`.
 *
 * Layers follow public code that goes back to the authors': ResNet18 without its max-pool, so that the third stage gives 28x28 maps, and 32 x 6 x 6
 * capsules. The authors start from ImageNet weights, which load by torchvision's names (`loadParams`, prefix `conv.`). With three classes
 * it has 13,842,496 trainable parameters. Kernels of capsules are normal with deviation 0.01, as there.
 *
 * @throws {RangeError} When an option is impossible, or the input is not size x size x 3.
 *
 * @example
 * ```ts
 * import { capsuleNet } from "@macro2micro/mer/models";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const model = capsuleNet({ size: 136, width: 2 });
 * assertEquals(model.apply(model.init(1), tf.zeros([1, 136, 136, 3]), "infer").shape, [1, 3]);
 * ```
 */
export function capsuleNet(options: CapsuleNetOptions = {}): Model<tf.Tensor4D, tf.Tensor2D> {
  const { classes = 3, size = 224, width = 64, routings = 3 } = options;
  for (const [name, value] of Object.entries({ classes, size, width, routings })) {
    checkPositiveInteger("describe capsuleNet", name, value);
  }
  if (size < 136 || size % 8 !== 0) {
    throw new RangeError(
      `Cannot describe capsuleNet: size must be a multiple of 8 from 136, current value is ${size}`,
    );
  }
  const channels = 4 * width;
  if (channels % primary !== 0) {
    throw new RangeError(`Cannot describe capsuleNet: width must be even, current value is ${width}`);
  }
  const backbone = { width, channels: 3, stem: "imagenet", stages: 3, pool: false } as const;
  const side = Math.floor((size / 8 - 8 - 9) / 2) + 1; // 28 -> 20 -> 6
  const capsules = side * side * channels / primary; // I
  const specs: ParameterSpec[] = [
    ...trunkParameters("conv.", backbone),
    ...weightAndBias("conv1", [9, 9, channels, channels]),
    ...weightAndBias("primarycaps.conv2d", [9, 9, channels, channels]),
    {
      name: "digitcaps.weight", // (J, I, 16, 8) in files
      shape: [final, primary, capsules, classes],
      trainable: true,
      fill: (random) => 0.01 * random.normal(),
    },
  ];
  return defineModel(specs, (params, input, mode) => {
    checkImage("capsuleNet", input, size, 3);
    const map = trunk(params, "conv.", backbone, input, mode); // (n, 28, 28, 4 width)
    const wide = tf.relu(convWithBias(params, "conv1", map, { stride: 1, padding: 0 })); // (n, 20, 20, 4 width)
    const low = convWithBias(params, "primarycaps.conv2d", wide, { stride: 2, padding: 0 }); // (n, 6, 6, 4 width)
    const u = squash(tf.reshape(low, [input.shape[0], capsules, primary])); // (n, I, 8)
    return lengths(routeByAgreement(predictions(params, u as tf.Tensor3D), routings)) as tf.Tensor2D;
  });
}

/** u^_{j|i} = W_ij u_i: (n, I, 8) -> (n, J, I, 16). */
function predictions(params: Params, u: tf.Tensor3D): tf.Tensor4D {
  const weight = parameter<tf.Tensor4D>(params, "digitcaps.weight"); // (16, 8, I, J)
  const [, , capsules, classes] = weight.shape;
  const n = u.shape[0];
  const turned = tf.reshape(tf.transpose(weight, [2, 1, 3, 0]), [capsules, primary, classes * final]); // (I, 8, 16 J)
  const each = tf.matMul(tf.transpose(u, [1, 0, 2]), turned); // (I, n, 8) (I, 8, 16 J) -> (I, n, 16 J)
  return tf.transpose(tf.reshape(each, [capsules, n, classes, final]), [1, 2, 0, 3]);
}
