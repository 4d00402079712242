import type { FaceFinder, FoundFace, Picture, Point } from "./face_finder.ts";

/** A quarter turn that brings a picture upright, clockwise. */
export type QuarterTurn = 0 | 90 | 180 | 270;

/** The faces of a picture that may lie on its side. */
export interface UprightFaces {
  /** Columns of the picture. */
  readonly width: number;
  /** Rows of the picture. */
  readonly height: number;
  /** The turn after which faces were found; 0 if none was found at all. */
  readonly turned: QuarterTurn;
  /** In the picture as it is, not turned; the largest first. */
  readonly faces: readonly FoundFace[];
}

/** Below this the detector's word is not even kept. */
const leastKept = 0.3;
/** Without a face this sure after the likeliest turn, others are tried. */
const leastUpright = 0.5;
/** After others the detector must be this sure: three more pictures are three more chances to be wrong. */
const leastTurned = 0.8;

/** In this order; a lying face is rarer than a standing one, one on its head the rarest. */
const allTurns = [0, 90, 270, 180] as const;

/**
 * Looks for faces in a picture, and if there is none, in the picture turned by quarters.
 *
 * @param finder
 * @param picture
 * @param turns Which turns to try, the likeliest first.
 */
export async function findUpright(
  finder: FaceFinder,
  picture: Picture,
  turns: readonly QuarterTurn[] = allTurns,
): Promise<UprightFaces> {
  const { width, height } = picture;
  for (const [k, turned] of turns.entries()) {
    const leastScore = k === 0 ? leastKept : leastTurned;
    const found = await finder.find(turn(picture, turned), { leastScore });
    if (k === 0 && !found.some(({ score }) => score >= leastUpright)) continue;
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

/** The picture turned clockwise. */
function turn(picture: Picture, by: QuarterTurn): Picture {
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
function turnBack(face: FoundFace, by: QuarterTurn, width: number, height: number): FoundFace {
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
