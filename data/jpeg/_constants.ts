import { type Code, i16x8, i32 } from "../../engine/assemble.ts";

/** Where constant vectors lie in the memory, and how many bytes there are for them. */
export const constantsAt = 3584;
const room = 512;

/** Eight 16-bit numbers each, by their text. */
const vectors = new Map<string, readonly number[]>();

/** Eight 16-bit numbers from memory, below its least size: one instruction without a check, where those of the code are put together anew at every use. */
export function constant(lanes: readonly number[]): Code {
  const key = lanes.join();
  vectors.set(key, lanes);
  if (16 * vectors.size > room) throw new Error("There is no room for another constant");
  return i16x8.load(i32.const(constantsAt), 16 * [...vectors.keys()].indexOf(key));
}

/** Lays all that routines asked for into their memory. */
export function layConstants(buffer: ArrayBufferLike): void {
  new Int16Array(buffer, constantsAt, 8 * vectors.size).set([...vectors.values()].flat());
}
