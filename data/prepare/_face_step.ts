import { type FrameSource, UserError } from "../../types.ts";
import { alignFace, type Placement, wholeFrame } from "../faces/align_face.ts";
import type { FaceFinder, FoundFace, Point } from "../faces/face_finder.ts";
import { findUpright, type UprightFaces } from "../faces/find_upright.ts";
import type { Settings } from "./_settings.ts";
import { wholeFrameOf } from "../source_frames.ts";

/** The faces of an onset frame: the step that depends on nothing but that frame. */
export type FaceStep = UprightFaces;

/** Looks for faces in a frame, and if there is none in the frame turned by quarters. */
export async function findFaces(
  finder: FaceFinder,
  source: FrameSource,
  position: number,
): Promise<FaceStep> {
  return await findUpright(finder, await wholeFrameOf(source, position, 3));
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
