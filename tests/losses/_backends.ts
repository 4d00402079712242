import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-wasm";

/**
 * Registers a test on the plain cpu and wasm backends (the losses need none of our kernels), and on the engine that
 * `M2M_ENGINE` names if that is another one.
 */
export function onBackends(name: string, test: () => void | Promise<void>): void {
  for (const backend of ["cpu", "wasm"]) {
    Deno.test(`${name} (${backend})`, async () => {
      await tf.setBackend(backend);
      await tf.ready();
      await test();
    });
  }
  const other = Deno.env.get("M2M_ENGINE");
  if (other && !["cpu", "wasm"].includes(other)) {
    Deno.test(`${name} (${other})`, async () => {
      await (await import("../_engine.ts")).useEngine();
      await test();
    });
  }
}
