import type { FoundFace } from "../data/faces/types.ts";
import type { TimedFrame } from "../data/stream/types.ts";
import type { Clip } from "../types.ts";
import { assembleClip, preparedCrops } from "./assemble_clip.ts";
import type { Cutter } from "./cut_crop.ts";
import type { FacePlace, Moment, WindowPrediction } from "./results.ts";
import { lumaOf, spotWindow } from "./spot_window.ts";
import type { ClipModel } from "./types.ts";

/** Someone in a window. */
export interface Subject {
  readonly id: number;
  readonly place: FacePlace | null;
  readonly cutter: Cutter;
}

/** What was predicted of a subject in a window, and what it was predicted from. */
export interface SeenWindow {
  /** The face's number. */
  readonly face: number;
  /** The prediction; `peak` is not known yet. */
  readonly window: WindowPrediction;
  /** What the network read. */
  readonly clip: Clip;
  /** What was cut out at the onset, the apex and the offset: side x side x 3 values each. */
  readonly crops: { readonly onset: Uint8Array; readonly apex: Uint8Array; readonly offset: Uint8Array };
  /** The crops' side, pixels. */
  readonly side: number;
}

/** What of a window is known beforehand. */
export interface Given {
  /** The window is the clip: its ends are onset and offset, and are not spotted. */
  readonly whole: boolean;
  /** Where the apex is. */
  readonly apex?: (moment: Moment) => boolean;
}

/** A window that frames are added to. */
export class OpenWindow {
  readonly moments: Moment[] = [];
  readonly #subjects: readonly Subject[];
  readonly #crops: Uint8Array[][];

  constructor(subjects: readonly Subject[]) {
    this.#subjects = subjects;
    this.#crops = subjects.map(() => []);
  }

  get empty(): boolean {
    return this.#subjects.length === 0;
  }

  /** Seconds from the first frame to the last. */
  get length(): number {
    return this.moments.length === 0 ? 0 : this.moments.at(-1)!.time - this.moments[0]!.time;
  }

  /** Cuts every subject out of a frame. */
  add(frame: TimedFrame, moment: Moment): void {
    this.moments.push(moment);
    for (const [i, { cutter }] of this.#subjects.entries()) this.#crops[i]!.push(cutter.cut(frame));
  }

  /** Predicts every subject. */
  async *predict(model: ClipModel, given: Given): AsyncGenerator<SeenWindow> {
    for (const [i, { id, place, cutter: { side } }] of this.#subjects.entries()) {
      const crops = this.#crops[i]!, moments = this.moments;
      const marked = given.apex === undefined ? -1 : moments.findIndex(given.apex);
      const { onset, apex, offset, motion, brief } = spotWindow(crops.map(lumaOf), side, {
        ...(marked >= 0 ? { apex: marked } : {}),
        ends: !given.whole,
      });
      const { clip: form, preparation } = model.description;
      const seconds = moments[offset]!.time - moments[onset]!.time;
      const prepared = preparedCrops(
        crops.slice(onset, offset + 1),
        side,
        (offset - onset) / seconds,
        preparation,
      );
      const clip = assembleClip(prepared, side, apex - onset, form);
      const answer = await model.predict(clip);
      const window: WindowPrediction = {
        from: moments[0]!,
        to: moments.at(-1)!,
        onset: moments[onset]!,
        apex: moments[apex]!,
        offset: moments[offset]!,
        spotted: [
          ...(given.whole ? [] : ["onset"] as const),
          ...(marked >= 0 ? [] : ["apex"] as const),
          ...(given.whole ? [] : ["offset"] as const),
        ],
        motion,
        brief,
        peak: false,
        class: answer.class,
        label: answer.label,
        probabilities: answer.probabilities,
        logits: answer.logits,
        place,
      };
      const at = { onset: crops[onset]!, apex: crops[apex]!, offset: crops[offset]! };
      yield { face: id, window, clip, crops: at, side };
    }
  }
}

/** Where a found face is, for the record. */
export function placeOf({ box, landmarks, score }: FoundFace): FacePlace {
  const centre = (from: number): [number, number] => {
    const points = landmarks.slice(from, from + 6);
    return [0, 1].map((axis) => points.reduce((sum, point) => sum + point[axis]!, 0) / 6) as [number, number];
  };
  return { box, eyes: [centre(36), centre(42)], score };
}
