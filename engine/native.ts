import * as tf from "@tensorflow/tfjs";
import { recording } from "./_recorder.ts";
import { userCacheFolder } from "./native/native_folder.ts";

/** Where the native engine is, or why there is none. */
export type NativeLocation =
  | { readonly installed: true; readonly module: string }
  | { readonly installed: false; readonly reason: string };

/**
 * Looks for `@tensorflow/tfjs-node-gpu` with its compiled binding: in the folder that `M2M_NATIVE` names, else in `.m2m/native`
 * beside the package's `deno.json` or in the working directory, else where `m2m engine install` puts it (the user's cache). Only looks
 * at files, loads nothing.
 *
 * @example
 * ```ts
 * import { findNative } from "@macro2micro/mer/engine";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(findNative("/no/such/folder").installed, false);
 * ```
 *
 * @param folder Looks only there, instead of the folders above.
 */
export function findNative(folder?: string): NativeLocation {
  if (typeof Deno === "undefined") {
    return { installed: false, reason: "the native engine runs under Deno only" };
  }
  const named = folder ?? Deno.env.get("M2M_NATIVE");
  for (const place of named ? [named] : defaultFolders()) {
    const home = `${place}/node_modules/@tensorflow/tfjs-node-gpu`;
    if (!exists(`${home}/package.json`)) continue;
    const binding = ["napi-v8", "napi-v9", "napi-v10"].map((v) => `${home}/lib/${v}/tfjs_binding.node`);
    if (binding.some(exists)) return { installed: true, module: Deno.realPathSync(`${home}/dist/index.js`) };
    return {
      installed: false,
      reason: `the native engine in ${place} lacks its compiled binding (lib/napi-v8/tfjs_binding.node)`,
    };
  }
  return {
    installed: false,
    reason: named
      ? `the native engine is not installed in ${named} (M2M_NATIVE)`
      : "the native engine is not installed",
  };
}

/** `.m2m/native` beside the package, where it lies on disk, and in the working directory; the user's cache. */
function defaultFolders(): string[] {
  const beside = new URL("../.m2m/native", import.meta.url);
  const folders = beside.protocol === "file:" ? [decodeURIComponent(beside.pathname)] : [];
  const cache = userCacheFolder();
  return [...folders, `${Deno.cwd()}/.m2m/native`, ...(cache === undefined ? [] : [cache])];
}

function exists(file: string): boolean {
  try {
    Deno.statSync(file);
    return true;
  } catch {
    return false;
  }
}

/** The version of libtensorflow, once it is loaded. */
let loaded: string | undefined;
/** Whether the loaded binding has all of our additions. */
let whole = false;

/** Whether the native engine that is loaded has a binding with all of our additions: an earlier installation's lacks those that came later. */
export function nativeIsWhole(): boolean {
  return whole;
}

/**
 * Loads the native engine and makes it the current one. The environment variables that TensorFlow reads are set
 * before, where the user has not set them: quiet logs, oneDNN kernels and their plans, the number of threads.
 *
 * @param module The package's main file.
 * @param threads Threads within one operation.
 * @returns The version of libtensorflow.
 * @throws UserError if the package or its libraries cannot be loaded.
 */
export async function loadNative(module: string, threads: number): Promise<string> {
  for (
    const [name, value] of [
      ["TF_CPP_MIN_LOG_LEVEL", "3"],
      ["TF_ENABLE_ONEDNN_OPTS", "1"],
      ["TF_MKL_OPTIMIZE_PRIMITIVE_MEMUSE", "false"], // oneDNN's plans are kept from step to step: eight per cent of a step of width 16
      ["TF_NUM_INTRAOP_THREADS", String(threads)],
      ["TF_NUM_INTEROP_THREADS", String(threads)],
    ] as const
  ) {
    if (Deno.env.get(name) === undefined) Deno.env.set(name, value);
  }
  if (loaded === undefined) {
    const { loadBackend } = await import("./native/_load_backend.ts");
    const { registerNativeKernels } = await import("./native/_kernels.ts");
    const { nativeRecorder } = await import("./native/_recorder.ts");
    const { Variables } = await import("./native/_variables.ts");
    const { hasOperation, maxPoolGradient } = await import("./native/_operations.ts");
    const { version, backend } = loadBackend(module.replace(/\/dist\/index\.js$/, ""));
    tf.registerBackend("tensorflow", () => backend, 3);
    const variables = new Variables(backend);
    registerNativeKernels(backend, variables);
    if (backend.binding.addFunction !== undefined) recording.recorder = nativeRecorder(backend, variables);
    whole = hasOperation(backend, maxPoolGradient) && backend.binding.executeBeside !== undefined;
    loaded = version;
  }
  await tf.setBackend("tensorflow");
  await tf.ready();
  return loaded;
}
