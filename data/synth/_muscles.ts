import type { FaceIdentity } from "./face_identity.ts";

/** A soft push of skin: at distance d (in units of the radii) the skin moves by (du, dv) exp(-d^2 / 2). */
export interface Push {
  readonly u: number;
  readonly v: number;
  readonly ru: number;
  readonly rv: number;
  readonly du: number;
  readonly dv: number;
  /** The radius below the centre, where it differs: a brow's pull must not drag the lid. */
  readonly below?: number;
}

/** A line along which skin folds (depth > 0, a groove) or swells (depth < 0), with its width; ends fade out. */
export interface Fold {
  readonly points: readonly (readonly [u: number, v: number])[];
  readonly depth: number;
  readonly width: number;
}

/** What one muscle group does on the right half of the picture (u > 0) at full strength; the left half mirrors it. */
export interface Muscle {
  readonly pushes: readonly Push[];
  readonly folds: readonly Fold[];
}

const push = (
  u: number,
  v: number,
  ru: number,
  rv: number,
  du: number,
  dv: number,
  below?: number,
): Push => ({
  u,
  v,
  ru,
  rv,
  du,
  dv,
  ...(below === undefined ? {} : { below }),
});
const fold = (depth: number, width: number, ...points: [number, number][]): Fold => ({
  points,
  depth,
  width,
});

/**
 * The muscles of a face by action unit (FACS numbers as text). Displacements are those of full strength: the brows rise
 * by 7 pixels of a 96 pixel frame, the corners of the mouth move by 7 to 8.
 */
export function muscles(face: FaceIdentity): Readonly<Record<string, Muscle>> {
  const { eyeX: ex, eyeY: ey, browY: by, mouthY: my, mouthWidth: mw, noseWidth: nw, noseY: ny } = face;
  // What a brow pulls below itself ends before the lid, however near that is.
  const lid = 0.62 * (0.09 + Math.max(0.08, ey - 0.06 - by));
  const foreheadLine = (v: number, from: number, to: number, depth: number) =>
    fold(depth, 0.022, [from, v + 0.015], [(from + to) / 2, v - 0.01], [to, v + 0.02]);
  const nasolabial: [number, number][] = [
    [nw + 0.03, ny - 0.04],
    [nw + 0.10, ny + 0.06],
    [mw + 0.06, my - 0.10],
    [mw + 0.11, my + 0.03],
  ];
  return {
    "1": {
      pushes: [push(0.15, by, 0.13, 0.13, 0.005, -0.108, lid), push(0.13, by - 0.22, 0.16, 0.13, 0, -0.05)],
      folds: [foreheadLine(by - 0.13, 0, 0.27, 0.9), foreheadLine(by - 0.22, 0, 0.3, 0.9)],
    },
    "2": {
      pushes: [
        push(0.45, by + 0.01, 0.17, 0.13, 0.01, -0.1, lid),
        push(0.42, by - 0.2, 0.16, 0.12, 0, -0.04),
      ],
      folds: [foreheadLine(by - 0.14, 0.24, 0.58, 0.7), foreheadLine(by - 0.23, 0.26, 0.55, 0.7)],
    },
    "4": {
      pushes: [
        push(0.16, by + 0.01, 0.15, 0.12, -0.055, 0.095),
        push(0.42, by, 0.17, 0.12, -0.02, 0.05),
      ],
      folds: [
        fold(1.5, 0.021, [0.045, by - 0.09], [0.055, by + 0.02], [0.035, by + 0.11]),
        fold(-0.6, 0.03, [0.11, by - 0.05], [0.12, by + 0.05]),
        fold(0.6, 0.03, [0.14, by + 0.085], [0.3, by + 0.09], [0.42, by + 0.10]),
      ],
    },
    "5": { pushes: [push(ex, ey - 0.07, 0.15, 0.045, 0, -0.016)], folds: [] },
    "6": {
      pushes: [
        push(0.42, 0.08, 0.18, 0.12, -0.005, -0.075),
        push(ex, ey + 0.08, 0.15, 0.06, 0, -0.03),
        push(ex + 0.2, ey - 0.02, 0.1, 0.1, -0.02, 0.01),
      ],
      folds: [
        fold(0.9, 0.02, [ex - 0.12, ey + 0.12], [ex + 0.02, ey + 0.14], [ex + 0.16, ey + 0.10]),
        fold(0.7, 0.016, [ex + 0.2, ey - 0.02], [ex + 0.29, ey - 0.06]),
        fold(0.7, 0.016, [ex + 0.2, ey + 0.02], [ex + 0.3, ey + 0.03]),
        fold(-0.45, 0.09, [0.38, 0.13], [0.48, 0.11]),
      ],
    },
    "7": {
      pushes: [push(ex, ey + 0.06, 0.15, 0.05, 0, -0.035), push(ex, ey - 0.06, 0.15, 0.05, 0, 0.016)],
      folds: [fold(0.5, 0.02, [ex - 0.11, ey + 0.11], [ex + 0.11, ey + 0.105])],
    },
    "9": {
      pushes: [
        push(0.10, ny - 0.10, 0.11, 0.14, 0.005, -0.075),
        push(0.15, by + 0.02, 0.14, 0.11, -0.02, 0.05),
        push(0.13, my - 0.1, 0.13, 0.09, 0.01, -0.05),
      ],
      folds: [
        fold(1.0, 0.018, [0, ey + 0.03], [0.07, ey + 0.02]),
        fold(1.0, 0.018, [0, ey - 0.03], [0.06, ey - 0.045]),
        fold(1.3, 0.02, [0.06, ey + 0.08], [0.13, ey + 0.14], [0.15, ey + 0.2]),
        fold(0.8, 0.028, ...nasolabial.slice(0, 3)),
      ],
    },
    "10": {
      pushes: [push(0.13, my - 0.08, 0.13, 0.09, 0.01, -0.085), push(nw, ny, 0.1, 0.1, 0.015, -0.03)],
      folds: [fold(1.3, 0.026, ...nasolabial.slice(0, 3)), fold(-0.8, 0.06, [nw + 0.15, ny], [0.36, 0.24])],
    },
    "12": {
      pushes: [
        push(mw + 0.04, my + 0.02, 0.24, 0.15, 0.09, -0.15),
        push(0, my + 0.01, 0.2, 0.14, 0, 0.05),
        push(0.44, 0.2, 0.15, 0.13, 0.015, -0.04),
      ],
      folds: [
        fold(1.25, 0.032, ...nasolabial.map(([u, v]): [number, number] => [u + 0.05, v - 0.02])),
        fold(-0.5, 0.1, [0.4, 0.2], [0.48, 0.22]),
        fold(0.8, 0.028, [mw + 0.035, my - 0.03], [mw + 0.05, my + 0.03]),
      ],
    },
    "14": {
      pushes: [push(mw, my, 0.11, 0.1, 0.075, -0.02)],
      folds: [
        fold(1.3, 0.028, [mw + 0.05, my - 0.07], [mw + 0.075, my], [mw + 0.05, my + 0.06]),
        fold(-0.8, 0.05, [mw + 0.14, my - 0.04], [mw + 0.14, my + 0.05]),
      ],
    },
    "15": {
      pushes: [push(mw + 0.03, my - 0.02, 0.17, 0.14, 0.012, 0.13), push(0.36, 0.36, 0.14, 0.14, 0, 0.02)],
      folds: [
        fold(1.3, 0.026, [mw + 0.03, my + 0.03], [mw + 0.05, my + 0.11], [mw + 0.02, my + 0.19]),
        fold(0.6, 0.028, ...nasolabial.slice(1)),
      ],
    },
    "17": {
      pushes: [push(0, my + 0.24, 0.2, 0.13, 0, -0.04), push(0, my + 0.06, 0.2, 0.07, 0, -0.02)],
      folds: [
        fold(0.7, 0.03, [0, my + 0.145], [0.1, my + 0.15], [0.17, my + 0.19]),
        fold(0.5, 0.016, [0.03, my + 0.26], [0.06, my + 0.29]),
        fold(0.5, 0.016, [0.08, my + 0.24], [0.1, my + 0.28]),
        fold(-0.5, 0.05, [0, my + 0.25], [0.06, my + 0.25]),
      ],
    },
    "20": {
      pushes: [push(mw, my + 0.01, 0.13, 0.12, 0.125, 0.035)],
      folds: [fold(1.0, 0.026, [mw + 0.09, my - 0.05], [mw + 0.12, my + 0.02], [mw + 0.11, my + 0.1])],
    },
    "23": {
      pushes: [
        push(0.1, my - 0.06, 0.16, 0.045, 0, 0.024),
        push(0.1, my + 0.075, 0.16, 0.05, 0, -0.028),
        push(mw, my, 0.1, 0.1, -0.045, 0),
      ],
      folds: [
        fold(0.7, 0.024, [0, my + 0.12], [0.15, my + 0.115]),
        fold(0.5, 0.02, [0.03, my - 0.085], [0.16, my - 0.075]),
        fold(-0.5, 0.03, [mw, my - 0.04], [mw, my + 0.04]),
      ],
    },
    // The jaw's own skin; the gap between the lips is opened in the frame, because skin tears there.
    "26": {
      pushes: [push(mw, my, 0.13, 0.12, -0.035, 0)],
      folds: [fold(0.5, 0.03, [mw + 0.06, my + 0.02], [mw + 0.07, my + 0.16])],
    },
  };
}

/** Which action units open the mouth, and how far the lower (jaw) and the upper lip part at full strength. */
export const openings: Readonly<Record<string, readonly [lower: number, upper: number]>> = {
  "10": [0, 0.02],
  "25": [0.055, 0.035],
  "26": [0.25, 0.05],
};
