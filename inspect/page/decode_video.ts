import {
  BlobSource,
  Input,
  type InputVideoTrack,
  MATROSKA,
  MP4,
  QTFF,
  VideoSampleSink,
  WEBM,
} from "mediabunny";
import type { Rgb } from "./messages.ts";
import { rgbOf, Unusable } from "./pixels.ts";

/** A frame of a video with its own time. */
export interface VideoFrameAt extends Rgb {
  /** Seconds from the first frame, as the file says, not as a rate would give. */
  readonly time: number;
}

/** An opened video. */
export interface OpenVideo {
  readonly codec: string;
  /** How many frames the file holds. */
  readonly count: number;
  /** Frames a second on average. */
  readonly fps: number;
  /** Every frame once, in the order of showing, upright; memory does not grow with the length. */
  frames(signal: AbortSignal): AsyncGenerator<VideoFrameAt>;
}

const convert = (name: string) =>
  `Use m2m predict, which reads whatever ffmpeg reads, or convert it: ffmpeg -i ${name} -c:v libvpx-vp9 -crf 12 -b:v 0 clip.webm`;

/**
 * Opens a video: the container is read by mediabunny, frames are decoded by the browser's WebCodecs, so that each comes once with its own time. A `<video>`
 * element would show what falls on the screen's refresh.
 *
 * @throws {Unusable} one sentence.
 */
export async function openVideo(file: File): Promise<OpenVideo> {
  if (!("VideoDecoder" in globalThis)) {
    throw new Unusable(
      `This browser has no WebCodecs to decode ${file.name}; take a newer one, or give the frames as images.`,
    );
  }
  const input = new Input({ formats: [MP4, QTFF, WEBM, MATROSKA], source: new BlobSource(file) });
  const track = await input.canRead() ? await input.getPrimaryVideoTrack().catch(() => null) : undefined;
  if (track === undefined) {
    throw new Unusable(`${file.name} is no MP4, MOV, WebM or MKV video. ${convert(file.name)}`);
  }
  if (track === null) {
    throw new Unusable(`${file.name} holds no video, or is cut off before its first frame.`);
  }
  const codec = track.codec ?? "unknown";
  if (!(await track.canDecode())) {
    throw new Unusable(
      `This browser cannot decode ${file.name}: its codec is ${codec}. ${convert(file.name)}`,
    );
  }
  const { packetCount, averagePacketRate } = await track.computePacketStats();
  return {
    codec,
    count: packetCount,
    fps: averagePacketRate,
    frames: (signal) => framesOf(file.name, track, signal),
  };
}

async function* framesOf(
  name: string,
  track: InputVideoTrack,
  signal: AbortSignal,
): AsyncGenerator<VideoFrameAt> {
  let context: OffscreenCanvasRenderingContext2D | undefined, first: number | undefined, count = 0;
  try {
    for await (const sample of new VideoSampleSink(track).samples()) {
      const { displayWidth: width, displayHeight: height, timestamp } = sample;
      context ??= new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true })!;
      sample.draw(context, 0, 0, width, height); // turned as the file says
      sample.close();
      if (signal.aborted) return;
      yield { ...rgbOf(context.getImageData(0, 0, width, height)), time: timestamp - (first ??= timestamp) };
      count++;
    }
  } catch (error) {
    if (count > 0) {
      throw new Unusable(
        `${name} breaks off after ${count} frames (${(error as Error).message}). ${convert(name)}`,
      );
    }
    throw error;
  }
}
