import { findNative } from "./native.ts";

/** The engines by name, best first. `webgpu` is never chosen by itself. */
export const engineNames = ["native", "wasm", "cpu", "webgpu"] as const;

/** An engine by name. */
export type EngineName = typeof engineNames[number];

/** Whether an engine can run here, and why or why not. */
export interface EngineAvailability {
  /** The engine. */
  readonly name: EngineName;
  /** Whether `startEngine(name)` would work. */
  readonly available: boolean;
  /** One line: what it is, or what it lacks and the remedy. */
  readonly reason: string;
}

/**
 * Which engines can run on this machine, best first.
 *
 * @example
 * ```ts
 * import { availableEngines } from "@macro2micro/mer/engine";
 * import { assert } from "@std/assert";
 *
 * const engines = await availableEngines();
 * assert(engines.find((e) => e.name === "cpu")?.available);
 * ```
 */
export async function availableEngines(): Promise<EngineAvailability[]> {
  return await Promise.all(engineNames.map(engineAvailability));
}

/** Whether one engine can run here. */
export async function engineAvailability(name: EngineName): Promise<EngineAvailability> {
  switch (name) {
    case "native": {
      const native = findNative();
      const reason = native.installed
        ? "TensorFlow through @tensorflow/tfjs-node-gpu"
        : `${native.reason}; install it with: deno task m2m engine install`;
      return { name, available: native.installed, reason };
    }
    case "wasm":
      return wasmAvailability();
    case "cpu":
      return { name, available: true, reason: "plain JavaScript, for checks: 100 to 1000 times slower" };
    case "webgpu": {
      const lacks = await webgpuReason();
      return {
        name,
        available: lacks === undefined,
        reason: lacks ?? "a GPU through WebGPU, on request only",
      };
    }
  }
}

function wasmAvailability(): EngineAvailability {
  const simd = WebAssembly.validate(simdProbe);
  return {
    name: "wasm",
    available: simd,
    reason: simd
      ? "WebAssembly with SIMD, nothing to install"
      : "this runtime has no WebAssembly SIMD; use a newer Deno, or the cpu engine",
  };
}

/** A module with one function: (v128.const 0) (drop). */
// deno-fmt-ignore
const simdProbe = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 23, 1, 21, 0,
  253, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 26, 11,
]);

/** Why WebGPU cannot run here, or undefined if it can. */
async function webgpuReason(): Promise<string | undefined> {
  const gpu = (navigator as { gpu?: { requestAdapter(): Promise<unknown> } }).gpu;
  if (gpu === undefined) return "this runtime has no WebGPU; start Deno with --unstable-webgpu";
  const found = findNative().installed
    ? await adapterElsewhere()
    : await gpu.requestAdapter().then(Boolean, () => false);
  return found ? undefined : "no WebGPU adapter was found; install a Vulkan driver for the graphics card";
}

/**
 * Asks for an adapter in a process of its own: a software Vulkan driver and libtensorflow each bring a copy of LLVM, and
 * whichever is loaded second into a process crashes it.
 */
async function adapterElsewhere(): Promise<boolean> {
  const question = "Deno.exit(await navigator.gpu.requestAdapter() ? 0 : 1)";
  const args = ["eval", "--no-config", "--unstable-webgpu", question];
  const asked = new Deno.Command(Deno.execPath(), { args, stdout: "null", stderr: "null" }).output();
  return await asked.then(({ success }) => success, () => false);
}
