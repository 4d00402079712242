import type { FaceFinder } from "../data/faces/types.ts";
import type { TimedFrame } from "../data/stream/types.ts";
import { UserError } from "../types.ts";
import { Found } from "./_found.ts";
import { GivenClip } from "./_given_clip.ts";
import { type Mark, reached } from "./_marks.ts";
import type { OpenWindow, SeenWindow } from "./_open_window.ts";
import { SeenFrames } from "./_seen_frames.ts";
import { SubjectFinder } from "./_subject_finder.ts";
import { type Lengths, Windows } from "./_windows.ts";
import type { FramesPrediction, Moment } from "./results.ts";
import type { ClipModel } from "./types.ts";

export type { Mark, SeenWindow };

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
  const lengths = lengthsOf(options);
  const seen = new SeenFrames(), found = new Found(), subjects = new SubjectFinder(model, options.finder);
  const close = async (window: OpenWindow, whole: boolean) => {
    const apex = whole && options.apex !== undefined ? { apex: reached(options.apex) } : {};
    for await (const one of window.predict(model, { whole, ...apex })) {
      found.add(one);
      await options.onWindow?.(one);
    }
  };
  const given = options.onset !== undefined || options.offset !== undefined;
  const walk = given
    ? new GivenClip(subjects, close, options)
    : new Windows(subjects, close, options, lengths);
  for await (const frame of frames) {
    if (options.signal?.aborted || !seen.add(frame)) break;
    options.onFrame?.(seen.last);
    if (await walk.take(frame, seen)) break;
  }
  if (seen.count === 0) throw new UserError("Cannot predict: there is no frame");
  await walk.end(seen);
  return {
    ...seen.facts(),
    single: walk.single,
    faces: found.faces(),
    notes: [...seen.notes, ...subjects.notes()],
  };
}

function lengthsOf({ window = 1, step = window / 2, clipUpTo = window }: PredictFramesOptions): Lengths {
  for (const [name, value] of Object.entries({ window, step, clipUpTo })) {
    if (value > 0) continue;
    throw new RangeError(`Cannot predict frames: ${name} must be positive, current value is ${value}`);
  }
  if (step <= window) return { window, step, clipUpTo };
  throw new RangeError(
    `Cannot predict frames: step must not be over the window, current values are ${step} and ${window}`,
  );
}
