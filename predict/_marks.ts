import { UserError } from "../types.ts";
import type { OpenWindow } from "./_open_window.ts";
import type { SeenFrames } from "./_seen_frames.ts";
import type { Moment } from "./results.ts";

/** A frame by its number as the user counts, or by its time in seconds. */
export type Mark = { readonly frame: number } | { readonly time: number };

/** A given clip may hold so many frames: all of its crops are kept until its end. */
export const mostFrames = 2000;
/** Times differ by rounding. */
export const tolerance = 1e-6;

/** Whether a frame is the marked one, or the first after it where none is. */
export function reached(mark: Mark): (moment: Moment) => boolean {
  return "frame" in mark ? ({ frame }) => frame >= mark.frame : ({ time }) => time >= mark.time - tolerance;
}

export function notThere(what: string, mark: Mark, { first, last }: SeenFrames): UserError {
  return new UserError(
    "frame" in mark
      ? `Cannot predict: ${what} ${mark.frame} is not there, the frames are ${first.frame} to ${last.frame}`
      : `Cannot predict: ${what} ${mark.time} s is not there, the frames end at ${last.time.toFixed(3)} s`,
  );
}

export function tooMany({ moments }: OpenWindow): UserError {
  return new UserError(
    `Cannot predict: from the onset at ${
      moments[0]!.time.toFixed(2)
    } s on there are more than ${mostFrames} frames; give an offset near it, or leave both out, then windows are taken`,
  );
}

export function needsClip(clipUpTo: number): UserError {
  return new UserError(
    `Cannot predict: an apex alone says nothing of more than ${clipUpTo} s; give the onset and the offset too`,
    2,
  );
}

export function checkClip({ moments }: OpenWindow, apex: Mark | undefined): void {
  if (moments.length < 2) {
    throw new UserError(
      `Cannot predict: there is ${moments.length} frame, an expression needs two at least (onset and apex)`,
    );
  }
  const [first, last] = [moments[0]!, moments.at(-1)!];
  if (apex === undefined) return;
  const value = "frame" in apex ? apex.frame : apex.time, unit = "frame" in apex ? "" : " s";
  const [from, to] = "frame" in apex ? [first.frame, last.frame] : [first.time, last.time];
  if (value >= from - tolerance && value <= to + tolerance) return;
  throw new UserError(
    `Cannot predict: apex ${value}${unit} is not between onset ${from}${unit} and offset ${to}${unit}`,
  );
}
