import type { Picture } from "../faces/face_finder.ts";

/** A picture of a video with its time. */
export interface TimedFrame extends Picture {
  /** Seconds since the video's beginning, as the file says; never evenly made up where it tells. */
  readonly time: number;
  /** As the user counts: frames of a video from 1; the number in an image file's name where all names have one. */
  readonly frame: number;
}

/** Frames one after the other, and what is to be said of them. */
export interface FrameStream {
  /** In the order of showing, each once. The pixels are good until the next one is asked for. Leaving early ends what made them. */
  readonly frames: AsyncIterable<TimedFrame>;
  /** Why the frames ended before the file's end, one sentence; known when they have ended. */
  readonly cutShort: () => string | undefined;
  /** Frames that the file announces, where it does. */
  readonly announced: number | undefined;
}
