import { type FrameSource, UserError } from "../../types.ts";
import { alignFace, type Placement, wholeFrame } from "../faces/align_face.ts";
import type { FaceFinder, FoundFace, Picture, Point } from "../faces/face_finder.ts";
import type { Settings } from "./_settings.ts";
import { wholeFrameOf } from "./_source.ts";

/** A quarter turn that brings the frame upright, clockwise. */
export type Turn = 0 | 90 | 180 | 270;

/** The faces of an onset frame: the step that depends on nothing but that frame. */
export interface FaceStep {
  readonly width: number;
  readonly height: number;
  /** The turn after which faces were found; 0 if none was found at all. */
  readonly turned: Turn;
  /** In the frame as it is, not turned. */
  readonly faces: readonly FoundFace[];
}

/** Below this the detector's word is not even kept. */
const leastKept = 0.3;
/** A turned frame must be this sure: three more pictures are three more chances to be wrong. */
const leastTurned = 0.8;

/** Looks for faces in a frame, and if there is none in the frame turned by quarters. */
export async function findFaces(
  finder: FaceFinder,
  source: FrameSource,
  position: number,
): Promise<FaceStep> {
  const frame = await wholeFrameOf(source, position, 3);
  const { width, height } = frame;
  for (const turned of [0, 90, 270, 180] as const) {
    const leastScore = turned === 0 ? leastKept : leastTurned;
    const found = await finder.find(turn(frame, turned), { leastScore });
    if (turned === 0 && !found.some(({ score }) => score >= 0.5)) continue;
    if (found.length > 0) {
      return {
        width,
        height,
        turned,
        faces: found.map((face) => turnBack(face, turned, width, height)),
      };
    }
  }
  return { width, height, turned: 0, faces: [] };
}

/** Where the crop lies, by the one face of the clip; a sentence why not, if there is none or more. */
export function placeByFace(
  { width, height, turned, faces }: FaceStep,
  align: Extract<Settings["align"], { kind: "face" }>,
  size: number,
  frame: string,
): { placement: Placement; face: FoundFace; notes: string[] } {
  const sure = faces.filter(({ score }) => score >= align.leastScore);
  const [face, second] = sure;
  const remedy = "look at it, or prepare the database with --align none, which takes the whole frame";
  if (face === undefined) {
    throw new UserError(`no face was found in the onset frame ${frame} (${width}x${height}); ${remedy}`);
  }
  const side = (f: FoundFace) => Math.max(f.box.width, f.box.height);
  if (second !== undefined && side(second) > 0.5 * side(face)) {
    throw new UserError(
      `${sure.length} faces were found in the onset frame ${frame}, and nothing tells which one is meant; crop the frames to one of them, or prepare the database with --align none and --crop`,
    );
  }
  const notes: string[] = [];
  if (sure.length > 1) {
    notes.push(
      `the largest of ${sure.length} faces in ${frame} was taken, the others are less than half as large`,
    );
  }
  if (turned !== 0) {
    notes.push(
      `the face in ${frame} lies on its side or head and was set upright: turned by ${turned} degrees clockwise`,
    );
  }
  return { placement: alignFace(face.landmarks, size, align), face, notes };
}

/** The placement without a face: a fixed part of the frame, stretched to a square. */
export function placeByCrop(
  width: number,
  height: number,
  { crop }: Extract<Settings["align"], { kind: "none" }>,
  size: number,
): Placement {
  const { xx, yy } = wholeFrame(crop.width * width, crop.height * height, size);
  return { xx, xy: 0, x0: crop.left * width, yx: 0, yy, y0: crop.top * height };
}

/** The centres of both eyes, for the record. */
export function eyesOf({ landmarks }: FoundFace): number[][] {
  const centre = (points: readonly Point[]) =>
    [0, 1].map((axis) =>
      Math.round(10 * points.reduce((sum, point) => sum + point[axis]!, 0) / points.length) / 10
    );
  return [centre(landmarks.slice(36, 42)), centre(landmarks.slice(42, 48))];
}

/** The picture turned clockwise. */
function turn(picture: Picture, by: Turn): Picture {
  if (by === 0) return picture;
  const { pixels, width, height, channels } = picture;
  const sideways = by !== 180;
  const out = new Uint8Array(pixels.length), [w, h] = sideways ? [height, width] : [width, height];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [X, Y] = by === 90
        ? [height - 1 - y, x]
        : by === 180
        ? [width - 1 - x, height - 1 - y]
        : [y, width - 1 - x];
      for (let c = 0; c < channels; c++) {
        out[(Y * w + X) * channels + c] = pixels[(y * width + x) * channels + c]!;
      }
    }
  }
  return { pixels: out, width: w, height: h, channels };
}

/** A face of the turned picture in the picture as it is. */
function turnBack(face: FoundFace, by: Turn, width: number, height: number): FoundFace {
  const point = ([X, Y]: Point): Point =>
    by === 90 ? [Y, height - X] : by === 180 ? [width - X, height - Y] : by === 270 ? [width - Y, X] : [X, Y];
  const { left, top } = face.box;
  const [ax, ay] = point([left, top]), [bx, by_] = point([left + face.box.width, top + face.box.height]);
  return {
    score: face.score,
    box: {
      left: Math.min(ax, bx),
      top: Math.min(ay, by_),
      width: Math.abs(bx - ax),
      height: Math.abs(by_ - ay),
    },
    landmarks: face.landmarks.map(point),
  };
}
