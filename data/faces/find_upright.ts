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
/** Without a face this sure in the picture as it is, turned ones are looked at. */
const leastUpright = 0.5;
/** A turned picture must be this sure: three more pictures are three more chances to be wrong. */
const leastTurned = 0.8;

/** In this order; a lying face is rarer than a standing one, one on its head the rarest. */
const allTurns = [0, 90, 270, 180] as const;

/** Looks for faces in a picture, and if there is none, in the picture turned by quarters. */
export async function findUpright(finder: FaceFinder, picture: Picture): Promise<UprightFaces> {
  for (const turned of allTurns) {
    const faces = await findTurned(finder, picture, turned);
    if (turned === 0 ? topOf(faces) >= leastUpright : topOf(faces) >= leastTurned) {
      return found(picture, turned, faces);
    }
  }
  return found(picture, 0, []);
}

/** A turned picture must be surer by this. */
const surer = 0.03;

/**
 * Looks for faces in a picture and in the picture turned by quarters, and gives those of the turn in which the detector is surest: it takes some lying faces for
 * standing ones, and is less sure of them. For the first look at a video: four searches.
 */
export async function findSurest(finder: FaceFinder, picture: Picture): Promise<UprightFaces> {
  let best = found(picture, 0, []), top = leastTurned - surer;
  for (const turned of allTurns) {
    const faces = await findTurned(finder, picture, turned), own = topOf(faces);
    if (turned === 0 ? own < leastUpright : own <= top + surer) continue;
    [best, top] = [found(picture, turned, faces), own];
  }
  return best;
}

/** Faces of a picture after a turn, in the picture as it is. */
export async function findTurned(
  finder: FaceFinder,
  picture: Picture,
  turned: QuarterTurn,
): Promise<FoundFace[]> {
  const { width, height } = picture;
  const leastScore = turned === 0 ? leastKept : leastUpright;
  const faces = await finder.find(turn(picture, turned), { leastScore });
  return faces.map((face) => turnBack(face, turned, width, height));
}

function topOf(faces: readonly FoundFace[]): number {
  return Math.max(0, ...faces.map(({ score }) => score));
}

function found({ width, height }: Picture, turned: QuarterTurn, faces: readonly FoundFace[]): UprightFaces {
  return {
    width,
    height,
    turned,
    faces: turned === 0 ? faces : faces.filter(({ score }) => score >= leastTurned),
  };
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
