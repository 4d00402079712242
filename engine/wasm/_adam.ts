import type { TensorInfo } from "@tensorflow/tfjs";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import type { AdamStep } from "../_adam_step.ts";
import { heapOf } from "./_heap.ts";

/** One step of Adam in one pass: gives the new parameter and changes the moments in place. */
export function adam(
  inputs: { p: TensorInfo; g: TensorInfo; m: TensorInfo; v: TensorInfo },
  { beta1, beta2, rate, epsilon, weightDecay }: AdamStep,
  backend: BackendWasm,
): TensorInfo {
  const heap = heapOf(backend);
  const next = heap.output(inputs.p.shape);
  const all = [next, inputs.p, inputs.g, inputs.m, inputs.v];
  const count = inputs.p.shape.reduce((a, b) => a * b, 1), whole = count & ~3;
  const scalars = [beta1, 1 - beta1, beta2, 1 - beta2, rate, epsilon, weightDecay];
  heap.call("adam", ...all.map((tensor) => heap.address(tensor)), whole * 4, ...scalars);
  const [to, p, g, m, v] = all.map((tensor) => heap.floats(tensor)) as [F, F, F, F, F];
  for (let i = whole; i < count; i++) { // the last one to three
    const gradient = g[i]! + weightDecay * p[i]!;
    m[i] = beta1 * m[i]! + (1 - beta1) * gradient;
    v[i] = beta2 * v[i]! + (1 - beta2) * gradient * gradient;
    to[i] = p[i]! - rate * m[i]! / (Math.sqrt(v[i]!) + epsilon);
  }
  return next;
}

type F = Float32Array;
