import * as tf from "@tensorflow/tfjs";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { UserError } from "../../types.ts";
import { heapOf } from "./_heap.ts";
import type { Kernel } from "./_kernels.ts";

let registered = false;

/**
 * Makes the wasm backend the current one and puts in the gradient kernels that it lacks or has only slow ones of.
 * SIMD on, threads off: folds run side by side in processes of their own. Returns the package's version.
 */
export async function startWasm(): Promise<string> {
  const { version_wasm: version } = await import("@tensorflow/tfjs-backend-wasm");
  tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
  if (!(await tf.setBackend("wasm"))) throw new UserError("The wasm engine did not start.");
  await tf.ready();
  if (!registered) {
    // Ours build on the package's kernels, which are set up when the backend starts.
    registerKernels((await import("./_kernels.ts")).kernels);
    heapOf(tf.backend() as BackendWasm); // from here on a refused allocation is an error
    registered = true;
  }
  return version;
}

/** Puts our kernels in the place of the package's, which warns of each replaced one unless it is removed first. */
function registerKernels(kernels: Readonly<Record<string, Kernel>>): void {
  for (const [kernelName, kernel] of Object.entries(kernels)) {
    const old = tf.getKernel(kernelName, "wasm");
    if (old) tf.unregisterKernel(kernelName, "wasm");
    tf.registerKernel({
      ...old,
      kernelName,
      backendName: "wasm",
      kernelFunc: ({ inputs, attrs, backend }) =>
        kernel(
          inputs as never,
          attrs as never,
          backend as BackendWasm,
          (inputs, attrs) => old.kernelFunc({ inputs, attrs, backend }) as tf.TensorInfo,
        ),
    });
  }
}
