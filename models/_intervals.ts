import { checkPositiveInteger } from "./_check.ts";

/** The intervals 1, 2, 4, ..., 2^(count - 1). */
export function powersOfTwo(count: number): number[] {
  return Array.from({ length: count }, (_, i) => 2 ** i);
}

/** The frames of one interval: all of offset, offset + s, ... below T, or the first `length` of them. */
export function framesOfInterval(T: number, s: number, offset: number, length?: number): number[] {
  const count = length ?? Math.ceil((T - offset) / s);
  return Array.from({ length: count }, (_, k) => offset + k * s);
}

/** Throws a RangeError unless every interval and offset has its frames within T. */
export function checkIntervals(
  what: string,
  T: number,
  intervals: readonly number[],
  offsets: readonly number[] | undefined,
  length?: number,
): void {
  if (length !== undefined) checkPositiveInteger(what, "sequence length", length);
  if (offsets !== undefined && offsets.length !== intervals.length) {
    throw new RangeError(
      `Cannot ${what}: there must be one offset for each of ${intervals.length} intervals, current value is [${offsets}]`,
    );
  }
  intervals.forEach((s, i) => {
    checkPositiveInteger(what, "interval", s);
    const offset = offsets?.[i] ?? 0;
    if (!Number.isInteger(offset) || offset < 0 || offset >= s || offset >= T) {
      throw new RangeError(
        `Cannot ${what}: the offset of interval ${s} must be an integer from 0 and below ${
          Math.min(s, T)
        }, ` +
          `current value is ${offset}`,
      );
    }
    const last = offset + ((length ?? 1) - 1) * s;
    if (last >= T) {
      throw new RangeError(
        `Cannot ${what}: a sequence of ${length} frames at interval ${s} from frame ${offset} needs frame ${last}, ` +
          `but a clip has ${T} frames (numbered from 0)`,
      );
    }
  });
}
