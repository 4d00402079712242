import { fileURLToPath } from "node:url";
import * as tf from "@tensorflow/tfjs";
import { type EngineReport, startEngine } from "../engine/mod.ts";

/** Starts the engine under test: `M2M_ENGINE` (native, wasm, cpu), else the best one here. */
export async function useEngine(): Promise<EngineReport> {
  return await startEngine(Deno.env.get("M2M_ENGINE") || undefined, { say: () => {} });
}

/** The result of `f` on the cpu engine, the oracle of the kernels; the engine of before is current again after. */
export async function onCpu(f: () => tf.Tensor[]): Promise<number[][]> {
  const before = tf.engine().backendName ? tf.getBackend() : "cpu";
  await tf.setBackend("cpu");
  (tf.backend() as unknown as { firstUse: boolean }).firstUse = false; // no banner that praises tfjs-node
  try {
    return valuesOf(f);
  } finally {
    await tf.setBackend(before);
  }
}

/** The values of the tensors that `f` makes; all its tensors are disposed. */
export function valuesOf(f: () => tf.Tensor[]): number[][] {
  const tensors = tf.tidy(f);
  const values = tensors.map((tensor) => Array.from(tensor.dataSync()));
  tf.dispose(tensors);
  return values;
}

/** Fails unless all numbers agree within `tolerance` times the largest magnitude of the expected ones (at least 1). */
export function assertClose(
  actual: readonly number[],
  expected: readonly number[],
  tolerance = 1e-5,
  what = "",
): void {
  if (actual.length !== expected.length) {
    throw new Error(`${what}: ${actual.length} values, expected ${expected.length}`);
  }
  const scale = Math.max(1, ...expected.map(Math.abs));
  for (let i = 0; i < expected.length; i++) {
    const [a, e] = [actual[i] as number, expected[i] as number];
    if (!(Math.abs(a - e) <= tolerance * scale)) {
      throw new Error(`${what}: value ${i} is ${a}, expected ${e} within ${tolerance * scale}`);
    }
  }
}

/** Arguments for a Deno process of a test: the configuration that the start script chose for this one. */
export function configArgs(): string[] {
  const config = Deno.env.get("M2M_CONFIG");
  return config === undefined ? [] : ["--config", config];
}

/** Arguments for a Deno process of a test that runs the command line in the same way. */
export function commandArgs(...args: readonly string[]): string[] {
  return [
    "run",
    "-A",
    "--quiet",
    ...configArgs(),
    fileURLToPath(new URL("../cli.ts", import.meta.url)),
    ...args,
  ];
}
