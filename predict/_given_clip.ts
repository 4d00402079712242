import type { TimedFrame } from "../data/stream/types.ts";
import { checkClip, type Mark, mostFrames, notThere, reached, tooMany } from "./_marks.ts";
import { OpenWindow } from "./_open_window.ts";
import type { SeenFrames } from "./_seen_frames.ts";
import type { SubjectFinder } from "./_subject_finder.ts";

/** Predicts a window that is full; `whole` says that its ends are onset and offset. */
export type Close = (window: OpenWindow, whole: boolean) => Promise<void>;

/** Which frames the user has marked. */
export interface Marks {
  readonly onset?: Mark;
  readonly apex?: Mark;
  readonly offset?: Mark;
}

/** The one clip from a given onset to a given offset; one that is not given is the first or the last frame. */
export class GivenClip {
  readonly single = true;
  readonly #subjects: SubjectFinder;
  readonly #close: Close;
  readonly #marks: Marks;
  #window: OpenWindow | undefined;
  #ended = false;

  constructor(subjects: SubjectFinder, close: Close, marks: Marks) {
    this.#subjects = subjects;
    this.#close = close;
    this.#marks = marks;
  }

  /** True when no more frames are needed. */
  async take(frame: TimedFrame, seen: SeenFrames): Promise<boolean> {
    const moment = seen.last, { onset, offset } = this.#marks;
    if (this.#window === undefined) {
      if (onset !== undefined && !reached(onset)(moment)) return false;
      this.#window = new OpenWindow(await this.#subjects.look(frame));
    }
    if (this.#window.moments.length === mostFrames) throw tooMany(this.#window);
    this.#window.add(frame, moment);
    return this.#ended = offset !== undefined && reached(offset)(moment);
  }

  async end(seen: SeenFrames): Promise<void> {
    const { onset, apex, offset } = this.#marks;
    if (this.#window === undefined) throw notThere("onset", onset!, seen);
    if (offset !== undefined && !this.#ended) throw notThere("offset", offset, seen);
    checkClip(this.#window, apex);
    await this.#close(this.#window, true);
  }
}
