import * as tf from "@tensorflow/tfjs";

const [reach, k, alpha, beta] = [2, 2, 1e-4, 0.75];

/**
 * AlexNet's local response normalisation: b_c = a_c / (k + alpha sum_j a_j^2)^beta over the channels j within 2 of c, k = 2, alpha = 1e-4,
 * beta = 0.75 (Krizhevsky et al. 2012, section 3.3). Written with a product by a band of ones, for which every engine has the gradient.
 */
export function acrossChannels(a: tf.Tensor4D): tf.Tensor4D {
  const channels = a.shape[3];
  const band = Float32Array.from(
    { length: channels * channels },
    (_, i) => Math.abs(Math.floor(i / channels) - i % channels) <= reach ? 1 : 0,
  );
  const squares = tf.reshape(tf.square(a), [-1, channels]); // (n h w, C)
  const sums = tf.reshape(tf.matMul(squares, tf.tensor2d(band, [channels, channels])), a.shape); // (n, h, w, C)
  return tf.mul(a, tf.pow(tf.add(tf.mul(sums, alpha), k), -beta));
}
