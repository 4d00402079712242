import type { CameraFrame } from "./messages.ts";

/** The last seconds of a camera. */
export class Ring {
  readonly #seconds: number;
  #frames: CameraFrame[] = [];

  /** @param seconds How far it goes back. */
  constructor(seconds: number) {
    this.#seconds = seconds;
  }

  /** Adds a frame; one that is not later than the last is no new one. */
  add(frame: CameraFrame): void {
    const last = this.#frames.at(-1);
    if (last !== undefined && frame.time <= last.time) return;
    this.#frames.push(frame);
    const from = this.#frames.findIndex(({ time }) => time >= frame.time - this.#seconds);
    if (from > 0) this.#frames = this.#frames.slice(from);
  }

  /** The frames of the last seconds, the earliest first. */
  last(seconds: number): CameraFrame[] {
    const end = this.#frames.at(-1)?.time ?? 0;
    return this.#frames.filter(({ time }) => time >= end - seconds);
  }

  /** Seconds that it holds, frames a second over them, and the longest time between two, seconds. */
  facts(): { readonly seconds: number; readonly rate: number; readonly longest: number } {
    const times = this.#frames.map(({ time }) => time), count = times.length;
    if (count < 2) return { seconds: 0, rate: 0, longest: 0 };
    const seconds = times[count - 1]! - times[0]!;
    const longest = times.slice(1).reduce((most, time, i) => Math.max(most, time - times[i]!), 0);
    return { seconds, rate: (count - 1) / seconds, longest };
  }
}
