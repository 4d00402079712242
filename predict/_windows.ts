import type { TimedFrame } from "../data/stream/types.ts";
import type { Close, Marks } from "./_given_clip.ts";
import { checkClip, needsClip, tolerance } from "./_marks.ts";
import { OpenWindow } from "./_open_window.ts";
import type { SeenFrames } from "./_seen_frames.ts";
import type { SubjectFinder } from "./_subject_finder.ts";

/** Seconds. */
export interface Lengths {
  readonly window: number;
  readonly step: number;
  readonly clipUpTo: number;
}

/** A window of a longer stream must hold onset, apex and offset. */
const leastFrames = 3;

/** The windows of a stream, or the one clip that it turns out to be. */
export class Windows {
  readonly #subjects: SubjectFinder;
  readonly #predict: Close;
  readonly #apex: Marks["apex"];
  readonly #lengths: Lengths;
  #open: { readonly window: OpenWindow; readonly end: number }[] = [];
  /** All frames, while they may be one clip: from the first look on that showed somebody. */
  #all: OpenWindow | undefined;
  #next = 0;
  #closed = -Infinity;
  #sparse = 0;
  single = true;

  constructor(subjects: SubjectFinder, predict: Close, { apex }: Marks, lengths: Lengths) {
    this.#subjects = subjects;
    this.#predict = predict;
    this.#apex = apex;
    this.#lengths = lengths;
  }

  /** True when no more frames are needed. */
  async take(frame: TimedFrame, seen: SeenFrames): Promise<boolean> {
    const { window, step, clipUpTo } = this.#lengths, since = frame.time - seen.start;
    if (this.single && since > clipUpTo + tolerance) {
      if (this.#apex !== undefined) throw needsClip(clipUpTo);
      [this.single, this.#all] = [false, undefined];
    }
    const full = ({ end }: { readonly end: number }) => since > end + tolerance;
    if (!this.single) { // until then full windows wait
      for (const { window } of this.#open.filter(full)) await this.#close(window);
      this.#open = this.#open.filter((one) => !full(one));
    }
    if (since >= this.#next - tolerance) {
      const people = await this.#subjects.look(frame);
      this.#open.push({ window: new OpenWindow(people), end: since + window });
      if (this.single && (this.#all?.empty ?? true)) this.#all = new OpenWindow(people);
      while (this.#next <= since + tolerance) this.#next += step;
    }
    for (const one of this.#open) if (!full(one)) one.window.add(frame, seen.last);
    this.#all?.add(frame, seen.last);
    return false;
  }

  async end(seen: SeenFrames): Promise<void> {
    if (this.single) {
      checkClip(this.#all!, this.#apex);
      await this.#predict(this.#all!, true);
      return;
    }
    const half = this.#lengths.window / 2 - tolerance;
    // The last window may be short: it is taken if it is half a window at least and has frames that no other had.
    const last = this.#open.find(({ window: { length } }) => length >= half);
    if (last !== undefined && seen.last.time > this.#closed) await this.#close(last.window);
    if (this.#sparse === 0) return;
    seen.notes.push(
      `${this.#sparse} windows of ${this.#lengths.window} s hold fewer than ${leastFrames} frames and were left out; give a longer --window`,
    );
  }

  async #close(window: OpenWindow): Promise<void> {
    this.#closed = window.moments.at(-1)!.time;
    if (window.moments.length < leastFrames) this.#sparse++;
    else await this.#predict(window, false);
  }
}
