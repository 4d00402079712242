import type { TensorInfo } from "@tensorflow/tfjs";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { blend, columnsOf, normalise, placeVector, sums, sumsBytes } from "./_columns.ts";
import { heapOf } from "./_heap.ts";

/**
 * Batch norm in training: y = gamma (x - mean) / sqrt(variance + epsilon) + beta with mean and biased variance over all but
 * the last axis. Outputs y, mean, variance. Two passes for the statistics, the second centred; one for y.
 */
export function batchNorm(
  inputs: { x: TensorInfo; gamma: TensorInfo; beta: TensorInfo },
  { epsilon }: { epsilon: number },
  backend: BackendWasm,
): TensorInfo[] {
  const heap = heapOf(backend);
  const channels = inputs.gamma.shape[0] as number;
  const total = size(inputs.x) / channels;
  const outputs = [heap.output(inputs.x.shape), heap.output([channels]), heap.output([channels])];
  const [y, meanOut, varianceOut] = outputs as [TensorInfo, TensorInfo, TensorInfo];
  const columns = columnsOf(total, channels);
  const vector = columns.width * 4;
  const { v0, v1, v2, partial } = heap.scratch({
    v0: vector,
    v1: vector,
    v2: vector,
    partial: sumsBytes(columns),
  });
  const x = heap.address(inputs.x);
  placeVector(heap, v0, columns, new Float64Array(channels));
  const { sum } = sums(heap, columns, [x, v0, x, v0], partial);
  placeVector(heap, v0, columns, sum.map((s) => s / total));
  const { sum: rest, product } = sums(heap, columns, [x, v0, x, v0], partial);
  const [means, variances] = [heap.floats(meanOut), heap.floats(varianceOut)];
  const [gamma, beta] = [heap.floats(inputs.gamma), heap.floats(inputs.beta)];
  const centre = heap.floatsAt(v0, channels);
  const scales = new Float64Array(channels);
  for (let k = 0; k < channels; k++) {
    // The first mean is rounded to float32; what the second pass finds left of it sets mean and variance right.
    const left = (rest[k] as number) / total;
    const mean = (centre[k] as number) + left;
    const variance = Math.max(0, (product[k] as number) / total - left * left);
    means[k] = mean;
    variances[k] = variance;
    scales[k] = (gamma[k] as number) / Math.sqrt(variance + epsilon);
  }
  placeVector(heap, v0, columns, means);
  placeVector(heap, v1, columns, scales);
  placeVector(heap, v2, columns, beta);
  normalise(heap, columns, heap.address(y), [x, v0, v1, v2]);
  return outputs;
}

/**
 * Its gradient. With r = 1 / sqrt(variance + epsilon), x' = (x - mean) r and m rows: dbeta = sum dy, dgamma = sum dy x',
 * dx = gamma r (dy - dbeta / m - x' dgamma / m). Outputs dx, dgamma, dbeta.
 */
export function batchNormGrad(
  inputs: { x: TensorInfo; dy: TensorInfo; gamma: TensorInfo; mean: TensorInfo; variance: TensorInfo },
  { epsilon }: { epsilon: number },
  backend: BackendWasm,
): TensorInfo[] {
  const heap = heapOf(backend);
  const channels = inputs.gamma.shape[0] as number;
  const total = size(inputs.x) / channels;
  const outputs = [heap.output(inputs.x.shape), heap.output([channels]), heap.output([channels])];
  const [dx, dgammaOut, dbetaOut] = outputs as [TensorInfo, TensorInfo, TensorInfo];
  const columns = columnsOf(total, channels);
  const vector = columns.width * 4;
  const { v0, v1, v2, v3, partial } = heap.scratch({
    v0: vector,
    v1: vector,
    v2: vector,
    v3: vector,
    partial: sumsBytes(columns),
  });
  const [x, dy] = [heap.address(inputs.x), heap.address(inputs.dy)];
  placeVector(heap, v0, columns, new Float64Array(channels));
  placeVector(heap, v1, columns, heap.floats(inputs.mean));
  const { sum, product } = sums(heap, columns, [dy, v0, x, v1], partial);
  const [gamma, variance] = [heap.floats(inputs.gamma), heap.floats(inputs.variance)];
  const [dgamma, dbeta] = [heap.floats(dgammaOut), heap.floats(dbetaOut)];
  const [ofDy, ofX] = [new Float64Array(channels), new Float64Array(channels)];
  for (let k = 0; k < channels; k++) {
    const r = 1 / Math.sqrt(variance[k]! + epsilon);
    dgamma[k] = product[k]! * r;
    dbeta[k] = sum[k]!;
    ofDy[k] = gamma[k]! * r;
    ofX[k] = -gamma[k]! * r * r * r * product[k]! / total;
  }
  placeVector(heap, v0, columns, sum.map((s) => s / total));
  placeVector(heap, v2, columns, ofDy);
  placeVector(heap, v3, columns, ofX);
  blend(heap, columns, heap.address(dx), [dy, v0, v2, x, v1, v3]);
  return outputs;
}

function size({ shape }: TensorInfo): number {
  return shape.reduce((a, b) => a * b, 1);
}
