import * as tf from "@tensorflow/tfjs";
import type { Windows } from "./_windows.ts";

/** n, h, w, C of maps; kh, kw, C, C' of filters. */
type Shape4 = readonly [number, number, number, number];

/**
 * How to take a convolution's gradient by its maps. oneDNN's own way first brings the filter into another order, at 0.2
 * microseconds a weight: for 3x3x512x512 half a second, where the products take 15 ms. Measured on AVX2.
 */
export function inputGradientWay(
  [, h, w]: readonly number[],
  [kh, kw, channels, filters]: readonly number[],
  { strideHeight, strideWidth, dilationHeight, dilationWidth }: Windows,
): "own" | "products" | "convolution" {
  const [weights, small] = [(channels as number) * (filters as number), (h as number) * (w as number) <= 4];
  if (kh === 1 && kw === 1 || dilationHeight > 1 || dilationWidth > 1) return "own";
  if (strideHeight > 1 || strideWidth > 1) return weights >= 32768 ? "products" : "own";
  if (small && weights >= 65536) return "products";
  return weights > 4096 ? "convolution" : "own";
}

/** As a convolution with the turned filter, its channels and filters exchanged; stride 1 only. */
export function inputGradientByConvolution(
  dy: tf.Tensor4D,
  filter: tf.Tensor4D,
  shape: Shape4,
  { padInfo: { top, left } }: Windows,
): tf.Tensor4D {
  const [kh, kw] = filter.shape;
  const turned = tf.transpose<tf.Tensor4D>(tf.reverse(filter, [0, 1]), [0, 1, 3, 2]);
  const [above, before] = [kh - 1 - top, kw - 1 - left];
  const [below, after] = [
    shape[1] - (dy.shape[1] + above - kh + 1),
    shape[2] - (dy.shape[2] + before - kw + 1),
  ];
  const borders = [[0, 0], [above, below], [before, after], [0, 0]];
  return tf.conv2d(dy, turned, 1, borders as unknown as "valid"); // tfjs's types forget this form
}

/**
 * As one matrix product, dy (n h' w', C') by the filter (kh kw C, C') transposed, whose columns for each place of the filter are
 * then added where they belong.
 */
export function inputGradientByProducts(
  dy: tf.Tensor4D,
  filter: tf.Tensor4D,
  [n, h, w, channels]: Shape4,
  { strideHeight, strideWidth, padInfo }: Windows,
): tf.Tensor4D {
  const [kh, kw, , filters] = filter.shape, [, oh, ow] = dy.shape;
  const rows = dy.reshape<tf.Tensor2D>([n * oh * ow, filters]);
  const columns = tf.matMul(rows, filter.reshape([kh * kw * channels, filters]), false, true);
  const places = tf.split(columns.reshape<tf.Tensor3D>([n * oh * ow, kh * kw, channels]), kh * kw, 1);
  // The padded map that all windows cover, and at least the map itself.
  const height = Math.max((oh - 1) * strideHeight + kh, padInfo.top + h);
  const width = Math.max((ow - 1) * strideWidth + kw, padInfo.left + w);
  const parts = places.map((place, i) => {
    const [a, b] = [Math.floor(i / kw), i % kw];
    const spread = spreadOut(place.reshape([n, oh, ow, channels]), strideHeight, strideWidth);
    const [, sh, sw] = spread.shape;
    return tf.pad(spread, [[0, 0], [a, height - sh - a], [b, width - sw - b], [0, 0]]);
  });
  return tf.slice(tf.addN(parts), [0, padInfo.top, padInfo.left, 0], [n, h, w, channels]);
}

/** Zeros between the values, stride - 1 of them, none after the last. */
function spreadOut(x: tf.Tensor4D, strideHeight: number, strideWidth: number): tf.Tensor4D {
  if (strideHeight === 1 && strideWidth === 1) return x;
  const [n, h, w, channels] = x.shape;
  const gaps: [number, number][] = [[0, 0], [0, 0], [0, strideHeight - 1], [0, 0], [0, strideWidth - 1], [
    0,
    0,
  ]];
  const spread = tf.pad(x.reshape([n, h, 1, w, 1, channels]), gaps);
  const [sh, sw] = [(h - 1) * strideHeight + 1, (w - 1) * strideWidth + 1];
  return spread.reshape<tf.Tensor4D>([n, h * strideHeight, w * strideWidth, channels])
    .slice([0, 0, 0, 0], [n, sh, sw, channels]);
}

/**
 * The gradient by the filter as one matrix product, the patches (n h' w', kh kw C) transposed by dy (n h' w', C'): for maps of few
 * pixels, where oneDNN's own way takes twice the time.
 */
export function filterGradientByProducts(
  x: tf.Tensor4D,
  dy: tf.Tensor4D,
  [kh, kw, channels, filters]: Shape4,
  { strideHeight, strideWidth, padInfo: { top, left } }: Windows,
): tf.Tensor4D {
  const [n, h, w] = x.shape, [, oh, ow] = dy.shape;
  const height = Math.max((oh - 1) * strideHeight + kh, top + h),
    width = Math.max((ow - 1) * strideWidth + kw, left + w);
  const padded = tf.pad(x, [[0, 0], [top, height - top - h], [left, width - left - w], [0, 0]]);
  const patches: tf.Tensor[] = [];
  for (let a = 0; a < kh; a++) {
    for (let b = 0; b < kw; b++) {
      const end = [n, a + (oh - 1) * strideHeight + 1, b + (ow - 1) * strideWidth + 1, channels];
      const patch = tf.stridedSlice(padded, [0, a, b, 0], end, [1, strideHeight, strideWidth, 1]);
      patches.push(patch.reshape([n * oh * ow, channels]));
    }
  }
  const product = tf.matMul(tf.concat(patches, 1) as tf.Tensor2D, dy.reshape([n * oh * ow, filters]), true);
  return product.reshape([kh, kw, channels, filters]);
}
