import * as tf from "@tensorflow/tfjs";
import { UserError } from "../types.ts";

/** Options of `memoryGuard`. */
export interface MemoryGuardOptions {
  /**
   * Bytes of tensors, as `tf.memory().numBytes` counts them (clones in full), beyond which the guard stops the work.
   * @default {Infinity} the engine's own end, 4 GiB on wasm
   */
  limit?: number;
}

/** What the user can do about it, in the words of pipeline files. */
const remedy = "lower the batch, the image size, the width of the backbone or the number of frames";

/** The error of a tensor engine that has no memory left. */
export function outOfMemory(bytes: number = tf.memory().numBytes): UserError {
  return new UserError(
    `The ${tf.getBackend()} engine ran out of memory with ${
      (bytes / 2 ** 30).toFixed(2)
    } GiB of tensors; ${remedy}.`,
  );
}

/**
 * Runs `f`, a step or an epoch, and turns the end of the engine's memory into a UserError that says what to lower. The wasm heap
 * ends at 4 GiB: a refused allocation, "memory access out of bounds" from somewhere within, and more tensors after `f` than the limit
 * all become the same message. Other errors pass through.
 * After such an error the engine is not to be trusted: end the process.
 *
 * @example
 * ```ts
 * import { memoryGuard, startEngine } from "@macro2micro/mer/engine";
 * import { assertEquals, assertThrows } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * await startEngine("wasm", { say: () => {} });
 * assertEquals(memoryGuard(() => tf.tidy(() => tf.scalar(2).square().arraySync())), 4);
 * const large = tf.zeros([1000]);
 * assertThrows(() => memoryGuard(() => 0, { limit: 1000 }), Error, "lower the batch");
 * large.dispose();
 * ```
 */
export function memoryGuard<T>(f: () => T, options: MemoryGuardOptions = {}): T {
  const { limit = Infinity } = options;
  const result = translated(f);
  const { numBytes } = tf.memory();
  if (numBytes > limit) throw outOfMemory(numBytes);
  return result;
}

function translated<T>(f: () => T): T {
  try {
    return f();
  } catch (error) {
    if (isOutOfMemory(error)) throw outOfMemory();
    throw error;
  }
}

/** What the engines throw when there is no memory: traps of wasm, a failed growth, an allocation of V8. */
function isOutOfMemory(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof UserError) return false;
  return /memory access out of bounds|out of memory|Array buffer allocation failed|OOM/i.test(error.message);
}
