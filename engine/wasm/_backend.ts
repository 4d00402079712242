import type { DataType, TensorInfo } from "@tensorflow/tfjs";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";

/** A new tensor on the heap. Making it may move the heap: take views of it (`floats`) after all are made. */
export function output(backend: BackendWasm, shape: number[], dtype: DataType = "float32"): TensorInfo {
  return backend.makeOutput(shape, dtype);
}

/** The values of a tensor on the heap, not a copy; good until the next tensor is made. */
export function floats(backend: BackendWasm, tensor: TensorInfo): Float32Array {
  return backend.typedArrayFromHeap(tensor) as Float32Array;
}

/** Frees tensors that a kernel made for itself. */
export function free(backend: BackendWasm, ...tensors: TensorInfo[]): void {
  for (const { dataId } of tensors) backend.disposeData(dataId);
}
