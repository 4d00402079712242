import { join } from "node:path";
import { ffmpeg } from "../data/_ffmpeg.ts";
import { film, joined, placed } from "./_film.ts";

/** Width and height of the videos. */
export const [width, height] = [400, 240] as const;
/** The side of a drawn face's picture. */
export const side = 160;
/** Frames a second. */
export const fps = 25;

/** Two movements of a drawn face in four seconds: its mouth's corners at 1.4 s, its brows at 3 s. */
export const movements = [
  { units: { "12": 0.5 }, onset: 30, apex: 35, offset: 42 },
  { units: { "1": 0.5, "2": 0.5 }, onset: 70, apex: 75, offset: 83 },
] as const;

let drawn: { ann: Uint8Array[]; bob: Uint8Array[] } | undefined;

/** Ann, who moves, and Bob, who is still: 100 pictures each. */
export function people(): { ann: Uint8Array[]; bob: Uint8Array[] } {
  return drawn ??= { ann: film("ann", side, 100, movements), bob: film("bob", side, 100) };
}

/** Ann in a frame. */
export function annFrames(level = 1): Uint8Array[] {
  return people().ann.map((pixels) => {
    const frame = placed([{ pixels, side, left: 100, top: 40 }], width, height);
    return level === 1 ? frame : frame.map((value) => value * level);
  });
}

/** Bob on the left, Ann on the right. */
export function bothFrames(): Uint8Array[] {
  const { ann, bob } = people();
  return ann.map((pixels, k) =>
    placed(
      [{ pixels: bob[k]!, side, left: 20, top: 40 }, { pixels, side, left: 215, top: 40 }],
      width,
      height,
    )
  );
}

/** Writes frames as a video; words of ffmpeg's between its input and its output. */
export async function writeVideo(
  folder: string,
  name: string,
  frames: readonly Uint8Array[],
  words = "-c:v mpeg4 -q:v 2",
  [w, h] = [width, height] as readonly [number, number],
): Promise<string> {
  const file = join(folder, name);
  await ffmpeg(`-f rawvideo -pix_fmt rgb24 -s ${w}x${h} -r ${fps} -i - ${words} ${file}`, joined(frames));
  return file;
}
