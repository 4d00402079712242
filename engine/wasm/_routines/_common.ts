import type { Code, Local } from "../_assemble.ts";
import { i32 } from "../_assemble.ts";

/** An i32 constant. */
export const n = (value: number): Code => i32.const(value);

/** a times a constant. */
export const times = (a: Code, by: number): Code => i32.mul(a, n(by));

/** 0, 1, ..., count - 1. */
export function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

/** So many locals. */
export type Three = [Local, Local, Local];
/** So many locals. */
export type Four = [Local, Local, Local, Local];
/** So many locals. */
export type Five = [...Four, Local];
/** So many locals. */
export type Seven = [...Four, Local, Local, Local];
/** So many locals. */
export type Eight = [...Four, ...Four];
/** So many locals. */
export type Nine = [...Eight, Local];
