import * as tf from "@tensorflow/tfjs";
import * as engine from "../engine/mod.ts";

/** Starts the engine under test: `M2M_ENGINE` (native, wasm, cpu), else the best one here. */
export async function useEngine(): Promise<void> {
  if ("startEngine" in engine) {
    await (engine as unknown as { startEngine(name?: string): Promise<unknown> }).startEngine(
      Deno.env.get("M2M_ENGINE") || undefined,
    );
  } else {
    await tf.setBackend("cpu");
    await tf.ready();
  }
}
