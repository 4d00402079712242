import * as tf from "@tensorflow/tfjs";
import { nearest } from "../nearest.ts";
import { UserError } from "../types.ts";
import { recording } from "./_recorder.ts";
import { engineAvailability, type EngineName, engineNames } from "./available_engines.ts";
import { findNative, loadNative, nativeIsWhole } from "./native.ts";

/** Options of `startEngine`. */
export interface StartEngineOptions {
  /**
   * Threads within one operation; the native engine alone has more than one.
   * @default {1}
   */
  threads?: number;
  /**
   * Told the one line about the choice when the engine starts (not again when it runs already).
   * @default {console.error}
   */
  say?: (line: string) => void;
}

/** Which engine runs, and why. */
export interface EngineReport {
  /** The engine. */
  readonly name: EngineName;
  /** One line, e.g. "wasm: the native engine is not installed". */
  readonly reason: string;
  /** Version of the package behind the engine. */
  readonly version: string;
  /** Threads within one operation. */
  readonly threads: number;
}

/** The engines' names in tfjs. */
const backends = { native: "tensorflow", wasm: "wasm", cpu: "cpu", webgpu: "webgpu" } as const;

let running: EngineReport | undefined;

/**
 * Makes a tensor engine the current one: the named one, or else the best one here (native, then wasm, then cpu).
 * It says which and why in one line. Calling it again with the same name, or without one, changes nothing.
 *
 * @param name `native`, `wasm`, `cpu` or `webgpu`. @default the best one here; `webgpu` is never chosen by itself
 * @throws UserError if the named engine is unknown (exit code 2) or cannot run here (exit code 1).
 *
 * @example
 * ```ts
 * import { startEngine } from "@macro2micro/mer/engine";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const engine = await startEngine("wasm", { say: () => {} });
 * assertEquals(engine.name, "wasm");
 * assertEquals(tf.scalar(2).add(1).dataSync()[0], 3);
 * ```
 */
export async function startEngine(name?: string, options: StartEngineOptions = {}): Promise<EngineReport> {
  const { threads = 1, say = console.error } = options;
  if (!Number.isInteger(threads) || threads < 1) {
    throw new RangeError(
      `Cannot start engine: threads must be a positive integer, current value is ${threads}`,
    );
  }
  if (name !== undefined && !isEngineName(name)) {
    throw new UserError(
      `There is no engine ${JSON.stringify(name)}${nearest(name, engineNames)}; choose one of ${
        engineNames.join(", ")
      }.`,
      2,
    );
  }
  if (running !== undefined && (name === undefined || name === running.name)) {
    if (tf.getBackend() !== backends[running.name]) await use(backends[running.name]); // set aside by someone
    return running;
  }
  const { engine, reason } = name === undefined
    ? await best()
    : { engine: name, reason: `${name}: asked for` };
  if (name !== undefined) await refuseUnlessAvailable(name);
  const begun = await begin(engine, threads);
  running = { name: engine, reason: reason + shortcoming(engine), ...begun };
  say(`engine ${running.reason}`);
  return running;
}

function isEngineName(name: string): name is EngineName {
  return (engineNames as readonly string[]).includes(name);
}

/** The best engine here, and what the better ones lack. */
async function best(): Promise<{ engine: EngineName; reason: string }> {
  const lacks: string[] = [];
  for (const engine of ["native", "wasm", "cpu"] as const) {
    const { name, available, reason } = await engineAvailability(engine);
    if (available) {
      return {
        engine: name,
        reason: [name, ...lacks].length > 1 ? `${name}: ${lacks.join("; ")}` : `${name}: installed`,
      };
    }
    lacks.push(reason.split("; ")[0] ?? reason);
  }
  throw new Error("Cannot start engine: none is available, not even cpu");
}

/** What is wrong with an engine that runs all the same. */
function shortcoming(name: EngineName): string {
  if (name !== "native") return "";
  if (recording.recorder === undefined) {
    return "; its binding cannot record steps, which makes them slower (m2m engine install builds one that can)";
  }
  return nativeIsWhole()
    ? ""
    : "; its binding is of an earlier version and slower (m2m engine install builds the present one)";
}

async function refuseUnlessAvailable(name: EngineName): Promise<void> {
  const { available, reason } = await engineAvailability(name);
  if (!available) throw new UserError(`The ${name} engine cannot run here: ${reason}.`);
}

async function begin(name: EngineName, threads: number): Promise<{ version: string; threads: number }> {
  switch (name) {
    case "native": {
      const native = findNative();
      if (!native.installed) throw new UserError(`The native engine cannot run here: ${native.reason}.`);
      return { version: await loadNative(native.module, threads), threads };
    }
    case "wasm": {
      const { startWasm } = await import("./wasm/mod.ts");
      return { version: await startWasm(), threads: 1 };
    }
    case "webgpu":
      return { version: await startWebgpu(), threads: 1 };
    case "cpu":
      await use("cpu");
      // Else the backend prints a banner that praises tfjs-node.
      (tf.backend() as unknown as { firstUse: boolean }).firstUse = false;
      return { version: tf.version["tfjs-backend-cpu"] ?? tf.version_core, threads: 1 };
  }
}

async function startWebgpu(): Promise<string> {
  // Not a dependency of the package: only who asks for WebGPU fetches it.
  const specifier = `npm:@tensorflow/tfjs-backend-webgpu@${tf.version_core}`;
  await import(specifier).catch((error: Error) => {
    throw new UserError(
      `The webgpu engine cannot run here: ${specifier} could not be loaded (${error.message}).`,
    );
  });
  await use("webgpu");
  return tf.version_core;
}

async function use(backend: string): Promise<void> {
  if (!(await tf.setBackend(backend))) throw new UserError(`The ${backend} engine did not start.`);
  await tf.ready();
}
