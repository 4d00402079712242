import type { Picture } from "../../data/faces/types.ts";
import { byNumber } from "../../data/_by_number.ts";
import { decodeImage } from "./decode_image.ts";
import { openVideo } from "./decode_video.ts";
import type { ClipInput, Rgb } from "./messages.ts";
import { Unusable } from "./pixels.ts";

/** A frame with its time and its number as the user counts. */
export interface TimedRgb extends Picture {
  readonly pixels: Uint8Array<ArrayBuffer>;
  readonly channels: 3;
  readonly time: number;
  readonly frame: number;
}

/** An input as a stream of frames. */
export interface OpenInput {
  /** What it is, one line. */
  readonly name: string;
  /** Frames to come. */
  readonly count: number;
  frames(signal: AbortSignal): AsyncGenerator<TimedRgb>;
}

/** @throws {Unusable} one sentence. */
export async function openInput(input: ClipInput): Promise<OpenInput> {
  switch (input.kind) {
    case "video": {
      const { codec, count, fps, frames } = await openVideo(input.file);
      return {
        name: `${input.file.name}: ${codec}, ${count} frames, ${fps.toFixed(1)} a second`,
        count,
        async *frames(signal) {
          let frame = 1;
          for await (const picture of frames(signal)) yield timed(picture, picture.time, frame++);
        },
      };
    }
    case "images": {
      const { fps } = input, files = [...input.files].sort((a, b) => byNumber(pathOf(a), pathOf(b)));
      return {
        name: `${files.length} images, ${fps} a second`,
        count: files.length,
        async *frames(signal) {
          let size: Rgb | undefined;
          for (const [i, file] of files.entries()) {
            if (signal.aborted) return;
            const picture = await decodeImage(file);
            size ??= picture;
            if (picture.width !== size.width || picture.height !== size.height) {
              throw new Unusable(
                `${file.name} is ${picture.width}x${picture.height}, but ${
                  files[0]!.name
                } is ${size.width}x${size.height}; give frames of one clip.`,
              );
            }
            yield timed(picture, i / fps, frameNumbers(files)?.[i] ?? i + 1);
          }
        },
      };
    }
    case "camera": {
      const { frames } = input, first = frames[0]?.time ?? 0;
      return {
        name: `camera: ${frames.length} frames`,
        count: frames.length,
        async *frames(signal) {
          for (const [i, picture] of frames.entries()) {
            if (signal.aborted) return;
            yield timed(picture, picture.time - first, i + 1);
          }
        },
      };
    }
  }
}

function timed({ pixels, width, height }: Rgb, time: number, frame: number): TimedRgb {
  return { pixels, width, height, channels: 3, time, frame };
}

function pathOf(file: File): string {
  return file.webkitRelativePath || file.name;
}

/** The numbers in the names, if each has another. */
function frameNumbers(files: readonly File[]): number[] | undefined {
  const numbers = files.map(({ name }) => Number(/(\d+)\D*$/.exec(name.replace(/\.\w+$/, ""))?.[1] ?? NaN));
  return numbers.every(Number.isSafeInteger) && new Set(numbers).size === numbers.length
    ? numbers
    : undefined;
}
