import { multiplyAdd, type Routine } from "../_assemble.ts";
import { adam } from "./adam.ts";
import { addAndFloor, columnBlend, columnScale, columnSums } from "./columns.ts";
import { convolve } from "./convolve.ts";
import { addresses, copyFramed, copyRows, scatter } from "./copies.ts";
import { correlate } from "./correlate.ts";
import { maxWindow } from "./max_window.ts";
import { pack, packTransposed } from "./pack.ts";

/** All routines; the fused ones need a runtime with relaxed SIMD. */
export function routines(fused: boolean): Record<string, Routine> {
  const fma = multiplyAdd(fused);
  return {
    adam,
    addAndFloor,
    addresses,
    columnBlend,
    columnScale,
    columnSums,
    convolve: convolve(fma),
    copyFramed,
    copyRows,
    correlate: correlate(fma),
    maxWindow,
    pack,
    packTransposed,
    scatter,
  };
}
