import type { FaceFinder } from "../data/faces/types.ts";
import type { TimedFrame } from "../data/stream/types.ts";
import { UserError } from "../types.ts";
import { type Given, OpenWindow, type SeenWindow } from "./_open_window.ts";
import { SubjectFinder } from "./_subject_finder.ts";
import { markPeaks } from "./mark_peaks.ts";
import type { FramesPrediction, Moment, WindowPrediction } from "./results.ts";
import type { ClipModel } from "./types.ts";

export type { SeenWindow };

/** A frame by its number as the user counts, or by its time in seconds. */
export type Mark = { readonly frame: number } | { readonly time: number };

/** The settings of {@linkcode predictFrames}. */
export interface PredictFramesOptions {
  /** Finds the faces; not needed for a model that takes whole frames. */
  readonly finder?: FaceFinder;
  /**
   * The length of a window, seconds. A micro-expression lasts half a second at most by the usual definition (Yan et al. 2013): windows of twice that, half of it apart, hold each whole.
   *
   * @default 1
   */
  readonly window?: number;
  /**
   * From the beginning of a window to the next one's, seconds.
   *
   * @default half of the window
   */
  readonly step?: number;
  /**
   * Frames that span no more than this, seconds, are one clip from onset to offset.
   *
   * @default the window
   */
  readonly clipUpTo?: number;
  /** Where the expression begins; with it or `offset` there is one window. @default the first frame */
  readonly onset?: Mark;
  /** Where it is strongest. @default spotted */
  readonly apex?: Mark;
  /** Where it ends. @default the last frame */
  readonly offset?: Mark;
  /** Hears of every window of every face as it is predicted; frames wait for it. */
  readonly onWindow?: (seen: SeenWindow) => void | Promise<void>;
  /** Hears of every frame. */
  readonly onFrame?: (moment: Moment) => void;
  /** Ends it: what was predicted so far is given. */
  readonly signal?: AbortSignal;
}

/** A given clip may hold so many frames: all of its crops are kept until its end. */
const mostFrames = 2000;
/** A window of a longer stream must hold onset, apex and offset. */
const leastFrames = 3;
/** Times differ by rounding. */
const tolerance = 1e-6;

/**
 * Predicts the expressions in a stream of frames, whatever it comes from: faces are found at the beginning of every window and followed, each cut out of the whole window by its place there, apex and
 * ends spotted, and the model asked. Memory does not grow with the stream, but for the results.
 *
 * Nothing here reads files or needs more than a browser has.
 *
 * @param frames In time order, RGB. Read frame by frame; left early when nothing more is wanted.
 * @param model
 * @param options
 * @throws {UserError} if there are too few frames for a window, or a given one is not there.
 * @throws {RangeError} if an option makes no sense.
 *
 * @example
 * ```ts
 * import { type ClipModel, predictFrames } from "@macro2micro/mer/predict";
 * import { assertEquals } from "@std/assert";
 *
 * // A model that asks whether the picture has become brighter.
 * const model: ClipModel = {
 *   description: {
 *     classes: ["no", "yes"],
 *     clip: { frames: 2, size: 8, channels: 1 },
 *     preparation: { align: { kind: "none" } },
 *   },
 *   predict({ pixels }) {
 *     const yes = pixels.at(-1)! > pixels[0]!;
 *     return { class: Number(yes), label: yes ? "yes" : "no", probabilities: [Number(!yes), Number(yes)], logits: [0, 0] };
 *   },
 * };
 * function* film() {
 *   for (let k = 0; k < 10; k++) {
 *     yield { pixels: new Uint8Array(8 * 8 * 3).fill(20 * k), width: 8, height: 8, channels: 3, time: k / 25, frame: k + 1 } as const;
 *   }
 * }
 * const { faces } = await predictFrames(film(), model);
 * assertEquals(faces[0]?.windows[0]?.label, "yes");
 * ```
 */
export async function predictFrames(
  frames: AsyncIterable<TimedFrame> | Iterable<TimedFrame>,
  model: ClipModel,
  options: PredictFramesOptions = {},
): Promise<FramesPrediction> {
  const { window = 1, step = window / 2, clipUpTo = window } = options;
  for (const [name, value] of Object.entries({ window, step, clipUpTo })) {
    if (!(value > 0)) {
      throw new RangeError(`Cannot predict frames: ${name} must be positive, current value is ${value}`);
    }
  }
  if (step > window) {
    throw new RangeError(
      `Cannot predict frames: step must not be over the window, current values are ${step} and ${window}`,
    );
  }
  const given = options.onset !== undefined || options.offset !== undefined;
  const subjects = new SubjectFinder(model, options.finder), found = new Found();
  const apex = options.apex === undefined ? {} : { apex: reached(options.apex) };
  let closed = -Infinity, sparse = 0;
  const close = async (open: OpenWindow, whole: boolean) => {
    closed = open.moments.at(-1)!.time;
    if (!whole && open.moments.length < leastFrames) {
      sparse++;
      return;
    }
    const of: Given = { whole, ...apex };
    for await (const seen of open.predict(model, of)) {
      found.add(seen);
      await options.onWindow?.(seen);
    }
  };

  const seen = new SeenFrames();
  let open: { window: OpenWindow; end: number }[] = [];
  let first: OpenWindow | undefined; // all frames of what may be one clip
  let next = 0, many = false, begun = false, ended = false;
  const begins = options.onset === undefined ? () => true : reached(options.onset);
  const ends = options.offset === undefined ? () => false : reached(options.offset);
  for await (const frame of frames) {
    if (options.signal?.aborted) break;
    const moment = { frame: frame.frame, time: frame.time };
    if (!seen.add(frame)) break;
    options.onFrame?.(moment);
    const since = frame.time - seen.start;
    if (given) {
      if (!begun && !begins(moment)) continue;
      if (!begun) first = new OpenWindow(await subjects.look(frame));
      begun = true;
      if (first!.moments.length === mostFrames) throw tooMany(first!);
      first!.add(frame, moment);
      if (ends(moment)) {
        ended = true;
        break;
      }
      continue;
    }
    if (!many && since > clipUpTo + tolerance) {
      if (options.apex !== undefined) throw needsClip(clipUpTo);
      [many, first] = [true, undefined];
    }
    // Until it is known that this is no single clip, full windows wait.
    for (const { window } of many ? open.filter(full(since)) : []) await close(window, false);
    if (many) open = open.filter((one) => !full(since)(one));
    if (since >= next - tolerance) {
      const people = await subjects.look(frame);
      open.push({ window: new OpenWindow(people), end: since + window });
      if (!many && (first?.empty ?? true)) first = new OpenWindow(people);
      while (next <= since + tolerance) next += step;
    }
    for (const one of open) if (!full(since)(one)) one.window.add(frame, moment);
    first?.add(frame, moment);
  }

  if (seen.count === 0) throw new UserError("Cannot predict: there is no frame");
  if (given) {
    if (first === undefined) throw notThere("onset", options.onset!, seen);
    if (options.offset !== undefined && !ended) throw notThere("offset", options.offset, seen);
    checkClip(first, options.apex);
    await close(first, true);
  } else if (!many) {
    checkClip(first!, options.apex);
    await close(first!, true);
  } else {
    // The last window may be short: it is taken if it is half a window at least and has frames that no other had.
    const last = open.find(({ window: { length } }) => length >= window / 2 - tolerance);
    if (last !== undefined && seen.last.time > closed) await close(last.window, false);
  }
  if (sparse > 0) {
    seen.notes.push(
      `${sparse} windows of ${window} s hold fewer than ${leastFrames} frames and were left out; give a longer --window`,
    );
  }
  return {
    ...seen.facts(),
    single: given || !many,
    faces: found.faces(),
    notes: [...seen.notes, ...subjects.notes()],
  };
}

/** Whether a window has no room for a frame so many seconds after the first. */
function full(since: number): (open: { readonly end: number }) => boolean {
  return ({ end }) => since > end + tolerance;
}

/** The windows of each face. */
class Found {
  readonly #windows = new Map<number, WindowPrediction[]>();

  add({ face, window }: SeenWindow): void {
    if (!this.#windows.has(face)) this.#windows.set(face, []);
    this.#windows.get(face)!.push(window);
  }

  faces(): FramesPrediction["faces"] {
    return [...this.#windows].sort(([a], [b]) => a - b).map(([face, windows]) => {
      const peaks = markPeaks(windows.map(({ motion }) => motion));
      return { face, windows: windows.map((window, i) => ({ ...window, peak: peaks[i]! })) };
    });
  }
}

/** What is known of the frames so far. */
class SeenFrames {
  readonly notes: string[] = [];
  count = 0;
  start = 0;
  first: Moment = { frame: 0, time: 0 };
  last: Moment = { frame: 0, time: 0 };
  #size = [0, 0] as readonly [number, number];
  #spacing: [number, number] = [Infinity, 0];

  /** False if the frame cannot go with those before. */
  add({ frame, time, width, height }: TimedFrame): boolean {
    if (this.count === 0) {
      [this.start, this.first, this.#size] = [time, { frame, time }, [width, height]];
    } else {
      const [w, h] = this.#size;
      if (width !== w || height !== h) {
        this.notes.push(
          `the picture changes from ${w}x${h} to ${width}x${height} at ${
            time.toFixed(2)
          } s; what lies before is predicted`,
        );
        return false;
      }
      const spacing = time - this.last.time, [least, most] = this.#spacing;
      this.#spacing = [Math.min(least, spacing), Math.max(most, spacing)];
    }
    this.last = { frame, time };
    this.count++;
    return true;
  }

  facts() {
    const [width, height] = this.#size, [least, most] = this.#spacing;
    return {
      frames: this.count,
      seconds: this.last.time - this.start,
      width,
      height,
      spacing: this.count > 1 ? [least, most] as const : [0, 0] as const,
    };
  }
}

/** Whether a frame is the marked one, or the first after it where none is. */
function reached(mark: Mark): (moment: Moment) => boolean {
  return "frame" in mark ? ({ frame }) => frame >= mark.frame : ({ time }) => time >= mark.time - tolerance;
}

function notThere(what: string, mark: Mark, { first, last }: SeenFrames): UserError {
  return new UserError(
    "frame" in mark
      ? `Cannot predict: ${what} ${mark.frame} is not there, the frames are ${first.frame} to ${last.frame}`
      : `Cannot predict: ${what} ${mark.time} s is not there, the frames end at ${last.time.toFixed(3)} s`,
  );
}

function tooMany({ moments }: OpenWindow): UserError {
  return new UserError(
    `Cannot predict: from the onset at ${
      moments[0]!.time.toFixed(2)
    } s on there are more than ${mostFrames} frames; give an offset near it, or leave both out, then windows are taken`,
  );
}

function needsClip(clipUpTo: number): UserError {
  return new UserError(
    `Cannot predict: an apex alone says nothing of more than ${clipUpTo} s; give the onset and the offset too`,
    2,
  );
}

function checkClip({ moments }: OpenWindow, apex: Mark | undefined): void {
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
