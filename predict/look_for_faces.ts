import type { FaceFinder, FoundFace, Picture } from "../data/faces/types.ts";
import { findSurest, findTurned, type QuarterTurn } from "../data/faces/find_upright.ts";

/** What a look at a frame gave. */
export interface Look {
  /** In the frame as it is; the largest first. */
  readonly faces: readonly FoundFace[];
  /** The quarter turn, clockwise, that sets them upright. */
  readonly turned: QuarterTurn;
  /** Whether they were found in a brightened copy only. */
  readonly brightened: boolean;
  /** The mean level of the frame, 0..255. */
  readonly level: number;
}

/** Frames darker than this are tried brightened. */
export const darkLevel = 70;
/** What the lightest hundredth of a brightened frame begins at. */
const light = 230;
/** More than this makes noise only. */
const mostGain = 24;

/**
 * Faces of a frame that may lie on its side or be dark: a dark frame without a face is looked at again with its levels stretched. Only the search sees that copy.
 *
 * @param finder
 * @param frame
 * @param leastScore Faces that the detector is less sure of count as none.
 * @param known The quarter turn that sets faces upright, if it is known.
 */
export async function lookForFaces(
  finder: FaceFinder,
  frame: Picture,
  leastScore: number,
  known?: QuarterTurn,
): Promise<Look> {
  const look = async (picture: Picture) => {
    const { faces, turned } = known === undefined
      ? await findSurest(finder, picture)
      : { faces: await findTurned(finder, picture, known), turned: known };
    return { faces: faces.filter(({ score }) => score >= leastScore), turned };
  };
  const counts = levelsOf(frame), total = counts.reduce((sum, count) => sum + count, 0);
  const level = counts.reduce((sum, count, value) => sum + value * count, 0) / total;
  const plain = await look(frame);
  if (plain.faces.length > 0 || level >= darkLevel) return { ...plain, brightened: false, level };
  let lightest = 255, above = 0;
  while (lightest > 1 && above + counts[lightest]! < total / 100) above += counts[lightest--]!;
  const gain = Math.min(mostGain, light / lightest);
  const pixels = Uint8Array.from(frame.pixels, (value) => Math.min(255, gain * value));
  const again = await look({ ...frame, pixels });
  return { ...again, brightened: again.faces.length > 0, level };
}

/** How many pixels have each level (the mean of red, green and blue). */
function levelsOf({ pixels, channels }: Picture): Float64Array {
  const counts = new Float64Array(256);
  for (let i = 0; i < pixels.length; i += channels) {
    const value = channels === 1 ? pixels[i]! : (pixels[i]! + pixels[i + 1]! + pixels[i + 2]!) / 3;
    counts[Math.round(value)]!++;
  }
  return counts;
}
