import * as tf from "@tensorflow/tfjs";
import type { TensorInfo } from "@tensorflow/tfjs";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { heapOf } from "./_heap.ts";

/** The attributes of tfjs's pooling gradients. */
interface PoolAttrs {
  filterSize: number | [number, number];
  strides: number | [number, number];
  pad: "valid" | "same" | number | tf.backend_util.ExplicitPadding;
  dimRoundingMode?: "floor" | "round" | "ceil";
}

function poolInfo(shape: number[], attrs: PoolAttrs): tf.backend_util.Conv2DInfo {
  const { filterSize, strides, pad, dimRoundingMode } = attrs;
  return tf.backend_util.computePool2DInfo(
    shape as [number, number, number, number],
    filterSize,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
}

/** Each window's dy goes to its largest element, the first one of equals, as in PyTorch and tfjs. */
export function maxPoolGrad(
  { dy, input }: { dy: TensorInfo; input: TensorInfo },
  attrs: PoolAttrs,
  backend: BackendWasm,
): TensorInfo {
  const info = poolInfo(input.shape, attrs);
  const { inHeight: h, inWidth: w, inChannels: c } = info;
  const heap = heapOf(backend);
  const result = heap.output(input.shape);
  const [x, dys, dx] = [heap.floats(input), heap.floats(dy), heap.floats(result).fill(0)];
  const [atX, atDy, atDx] = [heap.address(input), heap.address(dy), heap.address(result)];
  const fours = c & ~3; // these channels in SIMD, the last one to three in JavaScript
  forWindows(info, (batch, top, bottom, left, right, out) => {
    const first = ((batch * h + top) * w + left) * c;
    if (fours > 0) {
      heap.call(
        "maxWindow",
        atX + first * 4,
        atDx + first * 4,
        atDy + out * c * 4,
        bottom - top,
        right - left,
        w * c * 4,
        c * 4,
        fours * 4,
      );
    }
    for (let k = fours; k < c; k++) {
      let best = first + k;
      for (let i = 0; i < bottom - top; i++) {
        for (let j = 0; j < right - left; j++) {
          const at = first + (i * w + j) * c + k;
          if (x[at]! > x[best]!) best = at;
        }
      }
      dx[best]! += dys[out * c + k]!;
    }
  });
  return result;
}

/** Each window's dy is shared equally among the elements it averaged; padding is not counted, as in tfjs's forward pass. */
export function avgPoolGrad(
  { dy, input }: { dy: TensorInfo; input: TensorInfo },
  attrs: PoolAttrs,
  backend: BackendWasm,
): TensorInfo {
  const info = poolInfo(input.shape, attrs);
  const { inHeight: h, inWidth: w, inChannels: c } = info;
  const heap = heapOf(backend);
  const result = heap.output(input.shape);
  const [dys, dx] = [heap.floats(dy), heap.floats(result).fill(0)];
  forWindows(info, (batch, top, bottom, left, right, out) => {
    const share = 1 / ((bottom - top) * (right - left));
    for (let i = top; i < bottom; i++) {
      for (let j = left; j < right; j++) {
        const at = ((batch * h + i) * w + j) * c;
        for (let k = 0; k < c; k++) {
          dx[at + k] = (dx[at + k] as number) + (dys[out * c + k] as number) * share;
        }
      }
    }
  });
  return result;
}

/** Calls back for every window with its rows and columns within the image and its place in the output. Windows wholly in the padding are left out. */
function forWindows(
  info: tf.backend_util.Conv2DInfo,
  visit: (batch: number, top: number, bottom: number, left: number, right: number, out: number) => void,
): void {
  const { batchSize, inHeight, inWidth, outHeight, outWidth, strideHeight, strideWidth } = info;
  const { filterHeight, filterWidth, padInfo } = info;
  for (let b = 0; b < batchSize; b++) {
    for (let i = 0; i < outHeight; i++) {
      const top = Math.max(0, i * strideHeight - padInfo.top);
      const bottom = Math.min(inHeight, i * strideHeight - padInfo.top + filterHeight);
      if (top >= bottom) continue;
      for (let j = 0; j < outWidth; j++) {
        const left = Math.max(0, j * strideWidth - padInfo.left);
        const right = Math.min(inWidth, j * strideWidth - padInfo.left + filterWidth);
        if (left < right) visit(b, top, bottom, left, right, (b * outHeight + i) * outWidth + j);
      }
    }
  }
}
