import type { TensorInfo } from "@tensorflow/tfjs";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { type Axis, copyElements, elementBytes, stridesOf } from "./_copy_elements.ts";
import { heapOf } from "./_heap.ts";

/** A tensor repeated along its axes. */
export function tile(
  { x }: { x: TensorInfo },
  { reps }: { reps: number[] },
  backend: BackendWasm,
): TensorInfo {
  const heap = heapOf(backend);
  const shape = x.shape.map((count, i) => count * reps[i]!);
  const result = heap.output(shape, x.dtype);
  const element = elementBytes(x);
  const [to, from] = [stridesOf(shape, element), stridesOf(x.shape, element)];
  const axes = x.shape.flatMap((count, i): Axis[] => [
    { count: reps[i]!, to: to[i]! * count, from: 0 },
    { count, to: to[i]!, from: from[i]! },
  ]);
  copyElements(heap, heap.address(result), heap.address(x), axes, element);
  return result;
}
