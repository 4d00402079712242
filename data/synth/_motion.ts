import type { FaceIdentity } from "./face_identity.ts";
import { reach } from "./_shape.ts";
import { type Fold, type Muscle, muscles, openings, type Push } from "./_muscles.ts";

/** Side of the coarse grid of displacements; they are smooth, so it is read with bilinear interpolation. */
export const gridSide = 72;

/** What one action unit of one side adds at full strength. */
interface Part {
  /** Displacement along u and v on the coarse grid over [-reach, reach]. */
  readonly du: Float32Array;
  readonly dv: Float32Array;
  /** Relief of the folds on the fine grid: the rows and columns it touches, and its values there. */
  readonly x0: number;
  readonly y0: number;
  readonly w: number;
  readonly h: number;
  readonly relief: Float32Array;
}

/** The movable part of a face: every action unit, left and right of the picture. */
export interface MotionMaps {
  readonly n: number;
  readonly parts: ReadonlyMap<string, readonly [left: Part, right: Part]>;
}

/** The face at one instant. */
export interface MotionState {
  /** Sum of displacements (skin at p came from p - D(p)), coarse grid. */
  readonly du: Float32Array;
  readonly dv: Float32Array;
  /** Sum of fold relief, fine grid. */
  readonly relief: Float32Array;
  /** How far the lower and the upper lip leave the line between them. */
  readonly lower: number;
  readonly upper: number;
}

/** Prepares the action units of a face for maps of side n. */
export function motionMaps(face: FaceIdentity, n: number): MotionMaps {
  const parts = new Map<string, readonly [Part, Part]>();
  for (const [unit, muscle] of Object.entries(muscles(face))) {
    parts.set(unit, [part(face, muscle, -1, n), part(face, muscle, 1, n)]);
  }
  return { n, parts };
}

function part(face: FaceIdentity, muscle: Muscle, side: -1 | 1, n: number): Part {
  const du = new Float32Array(gridSide ** 2), dv = new Float32Array(gridSide ** 2);
  for (const push of muscle.pushes) addPush(du, dv, push, side);
  // Hair does not follow the forehead.
  const hair = face.hairline + (face.hairStyle === 2 ? 0.17 : face.hairStyle === 1 ? 0.06 : 0);
  for (let i = 0; i < du.length; i++) {
    const v = 2 * reach * Math.floor(i / gridSide) / (gridSide - 1) - reach;
    const t = Math.max(0, Math.min(1, (v - hair - 0.02) / 0.1));
    du[i] = du[i]! * t;
    dv[i] = dv[i]! * t;
  }
  return { du, dv, ...foldRelief(muscle.folds, side, n) };
}

function addPush(du: Float32Array, dv: Float32Array, push: Push, side: number): void {
  const scale = 2 * reach / (gridSide - 1);
  // A push in the middle of the face (u = 0) is shared by both halves.
  const share = push.u === 0 ? 0.5 : 1;
  for (let y = 0; y < gridSide; y++) {
    // Fields tell where seen skin came from, so a push is centred half way along its path; a brow's at its end, or the
    // thin skin between brow and lid would be stretched without limit.
    const dy = y * scale - reach - push.v - push.dv * (push.below === undefined ? 0.5 : 0.9);
    // A brow moves as one and what is below it hardly: there the push is flatter first and steeper then.
    const b2 = dy > 0 && push.below !== undefined ? (dy / push.below) ** 3 : (dy / push.rv) ** 2;
    if (b2 > 14) continue;
    for (let x = 0; x < gridSide; x++) {
      const a = (x * scale - reach - side * (push.u + push.du / 2)) / push.ru, d = a * a + b2;
      if (d > 14) continue;
      const g = share * Math.exp(-d / 2), i = y * gridSide + x;
      du[i] = du[i]! + side * push.du * g;
      dv[i] = dv[i]! + push.dv * g;
    }
  }
}

function foldRelief(folds: readonly Fold[], side: number, n: number) {
  if (folds.length === 0) return { x0: 0, y0: 0, w: 0, h: 0, relief: new Float32Array(0) };
  const scale = 2 * reach / n;
  const us = folds.flatMap((f) => f.points.map(([u]) => side * u));
  const vs = folds.flatMap((f) => f.points.map(([, v]) => v));
  const margin = 3 * Math.max(...folds.map((f) => f.width));
  const index = (p: number) => Math.max(0, Math.min(n - 1, Math.floor((p + reach) / scale)));
  const x0 = index(Math.min(...us) - margin), y0 = index(Math.min(...vs) - margin);
  const w = index(Math.max(...us) + margin) - x0 + 1, h = index(Math.max(...vs) + margin) - y0 + 1;
  const relief = new Float32Array(w * h);
  for (let y = 0; y < h; y++) {
    const v = (y0 + y + 0.5) * scale - reach;
    for (let x = 0; x < w; x++) {
      const u = side * ((x0 + x + 0.5) * scale - reach);
      let z = 0;
      for (const f of folds) {
        const d = distance(u, v, f.points) / f.width;
        if (d < 3) z -= f.depth * f.width * 0.42 * Math.exp(-d * d / 2);
      }
      relief[y * w + x] = z;
    }
  }
  return { x0, y0, w, h, relief };
}

/** Distance of a point from a line through the given points. */
function distance(u: number, v: number, points: Fold["points"]): number {
  let best = Infinity;
  for (let k = 1; k < points.length; k++) {
    const a = points[k - 1]!, b = points[k]!, au = a[0], av = a[1], lu = b[0] - au, lv = b[1] - av;
    const t = Math.max(0, Math.min(1, ((u - au) * lu + (v - av) * lv) / (lu * lu + lv * lv)));
    best = Math.min(best, Math.hypot(u - au - t * lu, v - av - t * lv));
  }
  return best;
}

/** Sums the action units at their strengths: `"12"` both sides, `"R12"` the person's right (left of the picture). */
export function moveFace(maps: MotionMaps, units: Readonly<Record<string, number>>): MotionState {
  const { n } = maps;
  const du = new Float32Array(gridSide ** 2), dv = new Float32Array(gridSide ** 2);
  const relief = new Float32Array(n * n);
  let lower = 0, upper = 0;
  for (const [name, strength] of Object.entries(units)) {
    if (strength === 0) continue;
    const unit = name.replace(/^[LR]/, "");
    const opening = openings[unit];
    if (opening) {
      // Lips cling: a weak pull hardly parts them.
      lower += strength ** 1.5 * opening[0];
      upper += strength ** 1.5 * opening[1];
    }
    const both = maps.parts.get(unit);
    if (!both) continue;
    for (const [side, p] of both.entries()) {
      if (name.startsWith(side === 0 ? "L" : "R")) continue;
      for (let i = 0; i < du.length; i++) {
        du[i] = du[i]! + strength * p.du[i]!;
        dv[i] = dv[i]! + strength * p.dv[i]!;
      }
      for (let y = 0; y < p.h; y++) {
        const row = (p.y0 + y) * n + p.x0;
        for (let x = 0; x < p.w; x++) relief[row + x] = relief[row + x]! + strength * p.relief[y * p.w + x]!;
      }
    }
  }
  return { du, dv, relief, lower, upper };
}

/** The action units that can be drawn, without sides. */
export const drawableUnits: ReadonlySet<string> = new Set([
  "1",
  "2",
  "4",
  "5",
  "6",
  "7",
  "9",
  "10",
  "12",
  "14",
  "15",
  "17",
  "20",
  "23",
  "25",
  "26",
]);
