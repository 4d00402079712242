import type { TimedFrame } from "../data/stream/types.ts";
import type { FramesPrediction, Moment } from "./results.ts";

/** What is known of the frames so far. */
export class SeenFrames {
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

  facts(): Pick<FramesPrediction, "frames" | "seconds" | "width" | "height" | "spacing"> {
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
