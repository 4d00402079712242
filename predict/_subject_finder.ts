import type { QuarterTurn } from "../data/faces/find_upright.ts";
import type { FaceFinder, FoundFace } from "../data/faces/types.ts";
import type { TimedFrame } from "../data/stream/types.ts";
import { placeOf, type Subject } from "./_open_window.ts";
import { faceCutter, frameCutter } from "./cut_crop.ts";
import { FaceFollower } from "./follow_faces.ts";
import { darkLevel, lookForFaces } from "./look_for_faces.ts";
import type { ClipModel } from "./types.ts";

/** Eyes closer together than this many pixels are too coarse to show a movement. */
const leastApart = 8;

/** Who is in the first frame of a window, and where the window is cut out. */
export class SubjectFinder {
  readonly #description: ClipModel["description"];
  readonly #finder: FaceFinder | undefined;
  readonly #follower = new FaceFollower();
  readonly #levels: number[] = [];
  #looks = 0;
  #without = 0;
  #turned: QuarterTurn | undefined;
  #brightened = 0;
  #small = 0;

  constructor({ description }: ClipModel, finder: FaceFinder | undefined) {
    if (finder === undefined && description.preparation.align.kind === "face") {
      throw new TypeError(
        "Cannot predict frames: the model learned from aligned faces, which needs a finder",
      );
    }
    this.#description = description;
    this.#finder = finder;
  }

  /** Looks at a frame. */
  async look(frame: TimedFrame): Promise<Subject[]> {
    const { width, height, time } = frame, { preparation: { align }, clip } = this.#description;
    if (align.kind === "none") {
      return [{ id: 1, place: null, cutter: frameCutter(align, clip, width, height) }];
    }
    this.#looks++;
    // A video stays as it was held: after the first face only its turn is tried, and a frame without a face is not searched four times.
    const { faces, turned, brightened, level } = await lookForFaces(
      this.#finder!,
      frame,
      align.leastScore,
      this.#turned,
    );
    const large = faces.filter((face) => eyesApart(face) >= leastApart);
    if (faces.length > 0 && large.length === 0) this.#small++;
    if (large.length === 0) {
      this.#without++;
      this.#levels.push(level);
    } else {
      this.#turned ??= turned;
      this.#brightened += Number(brightened);
    }
    return this.#follower.look(time, large).map(({ id, face }) => ({
      id,
      place: placeOf(face),
      cutter: faceCutter(face, align, width, height),
    }));
  }

  /** What is worth knowing, sentences. */
  notes(): string[] {
    const notes: string[] = [], looks = this.#looks;
    if (this.#without > 0) {
      const level = this.#levels.reduce((sum, value) => sum + value, 0) / this.#levels.length;
      const dark = level < darkLevel ? `; the picture is dark (mean level ${level.toFixed(0)} of 255)` : "";
      const small = this.#small > 0
        ? `; in ${this.#small} the eyes were less than ${leastApart} pixels apart`
        : "";
      const where = this.#without < looks
        ? ` in ${this.#without} of ${looks} frames that were looked at`
        : "";
      notes.push(`no face was found${where}${small}${dark}`);
    }
    if (this.#turned) {
      notes.push(
        `the face lies on its side or head and was set upright: turned by ${this.#turned} degrees clockwise`,
      );
    }
    if (this.#brightened > 0) {
      notes.push(
        `the picture is dark: in ${this.#brightened} of ${looks} frames faces were found in a brightened copy; predictions are made of the frames as they are`,
      );
    }
    return notes;
  }
}

function eyesApart(face: FoundFace): number {
  const [[ax, ay], [bx, by]] = placeOf(face).eyes;
  return Math.hypot(ax - bx, ay - by);
}
