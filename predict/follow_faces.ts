import type { FoundFace } from "../data/faces/types.ts";

/** A face with the number that it keeps. */
export interface FollowedFace {
  readonly id: number;
  readonly face: FoundFace;
}

interface Track {
  readonly id: number;
  box: FoundFace["box"];
  seen: number;
}

/** How far a face may have moved between two looks, in parts of its side. */
const farthest = 0.75;
/** How much larger or smaller it may have become. */
const mostGrowth = 1.8;

/**
 * Follows faces from look to look: a face is the one whose box it overlaps, or lies nearest to, among those of like size. Numbers count from 1 in the order of coming into sight, left
 * to right within a frame. A face that was out of sight for longer than `patience` seconds comes back as another.
 */
export class FaceFollower {
  readonly #patience: number;
  #tracks: Track[] = [];
  #next = 1;

  /** @param patience Seconds. */
  constructor(patience = 2) {
    this.#patience = patience;
  }

  /** The faces of a frame with their numbers, in the order of these. */
  look(time: number, faces: readonly FoundFace[]): FollowedFace[] {
    this.#tracks = this.#tracks.filter(({ seen }) => time - seen <= this.#patience);
    const pairs = this.#tracks.flatMap((track) =>
      faces.map((face) => ({ track, face, apart: apart(track.box, face.box) }))
    ).filter((pair) => pair.apart < farthest).sort((a, b) => a.apart - b.apart);
    const out: FollowedFace[] = [], taken = new Set<Track | FoundFace>();
    for (const { track, face } of pairs) {
      if (taken.has(track) || taken.has(face)) continue;
      taken.add(track).add(face);
      Object.assign(track, { box: face.box, seen: time });
      out.push({ id: track.id, face });
    }
    const fresh = faces.filter((face) => !taken.has(face)).sort((a, b) =>
      middle(a.box)[0] - middle(b.box)[0]
    );
    for (const face of fresh) {
      const id = this.#next++;
      this.#tracks.push({ id, box: face.box, seen: time });
      out.push({ id, face });
    }
    return out.sort((a, b) => a.id - b.id);
  }
}

/** How far apart two boxes lie, in parts of their mean side; infinite where one is much larger. */
function apart(a: FoundFace["box"], b: FoundFace["box"]): number {
  const [p, q] = [Math.sqrt(a.width * a.height), Math.sqrt(b.width * b.height)];
  if (Math.max(p, q) > mostGrowth * Math.min(p, q)) return Infinity;
  const [[ax, ay], [bx, by]] = [middle(a), middle(b)];
  return Math.hypot(ax - bx, ay - by) / ((p + q) / 2);
}

function middle({ left, top, width, height }: FoundFace["box"]): [x: number, y: number] {
  return [left + width / 2, top + height / 2];
}
