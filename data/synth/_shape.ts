import type { FaceIdentity } from "./face_identity.ts";

/** Half the side of the square that the maps cover, in face units: a margin beyond the frame for skin that moves in. */
export const reach = 1.14;

/** 0 up to `from`, 1 beyond `to`, a smooth step between. */
export function smooth(from: number, to: number, x: number): number {
  const t = Math.max(0, Math.min(1, (x - from) / (to - from)));
  return t * t * (3 - 2 * t);
}

/** exp(-d^2 / 2) of a point's distance d from a centre, in units of the radii. */
export function bell(u: number, v: number, cu: number, cv: number, ru: number, rv: number): number {
  const b = (v - cv) / rv;
  if (b > 3.5 || b < -3.5) return 0;
  const a = (u - cu) / ru, d = a * a + b * b;
  return d > 12 ? 0 : Math.exp(-d / 2);
}

/** Half the width of the head at height v. */
export function outline(face: FaceIdentity, v: number): number {
  if (v <= -0.05) {
    const t = Math.min(1, (-0.05 - v) / 1.03);
    return face.width * (1 + 0.01 * t) * Math.sqrt(Math.max(0, 1 - t ** 2.5));
  }
  const t = Math.min(1, (v + 0.05) / (face.chin + 0.05));
  return face.width * (1 - 0.16 * t * t) * Math.sqrt(Math.max(0, 1 - t ** (face.jaw + 0.6)));
}

/** The line between the closed lips at u. */
export function lipLine(face: FaceIdentity, u: number): number {
  const t2 = (u / face.mouthWidth) ** 2, wave = t2 < 1 ? 0.006 * (1 - t2) ** 2 * (1 - 7 * t2) : 0;
  return face.mouthY - face.mouthCurve * t2 + wave;
}

/** Relief of the face at rest. */
export function relief(face: FaceIdentity, u: number, v: number, w: number): number {
  const a = Math.abs(u);
  const { eyeX: ex, eyeY: ey, browY: by, mouthY: my, noseY: ny, noseWidth: nw, lipThickness: lip } = face;
  let z = 0.62 * Math.sqrt(Math.max(0, w * w - u * u) + 0.002);
  const bridge = smooth(-0.34, ny, v) * (1 - smooth(ny - 0.02, ny + 0.10, v));
  z += (0.05 + 0.12 * bridge) * Math.exp(-((a / (0.055 + 0.03 * bridge)) ** 2) / 2) *
    smooth(-0.38, -0.18, v) *
    (1 - smooth(ny, ny + 0.1, v));
  z += 0.085 * bell(u, v, 0, ny - 0.03, 0.08, 0.065) + 0.055 * bell(a, v, nw * 0.85, ny, 0.05, 0.045);
  z -= 0.075 * bell(a, v, ex - 0.05, ey, 0.19, 0.1) - 0.045 * bell(a, v, ex, ey, 0.13, 0.07);
  z += 0.04 * bell(a, v, 0.3, by + 0.03, 0.26, 0.07) + 0.045 * bell(a, v, 0.43, 0.08, 0.17, 0.14);
  z += 0.045 * bell(u, v, 0, my, 0.26, 0.17) + 0.06 * bell(u, v, 0, face.chin - 0.2, 0.17, 0.1);
  z += 0.028 * bell(u, v, 0, my + lip * 0.75, 0.15, 0.035) +
    0.016 * bell(u, v, 0, my - lip * 0.6, 0.15, 0.03);
  z -= 0.03 * bell(u, v, 0, my + lip * 1.45 + 0.05, 0.17, 0.04) +
    0.012 * bell(u, v, 0, (my + ny) / 2 + 0.03, 0.03, 0.06);
  z += 0.03 * bell(u, v, 0, -0.6, 0.4, 0.22);
  // The fold from the wing of the nose to the corner of the mouth, deeper with age.
  const along = (v - ny) / (my - ny);
  const foldU = nw + 0.06 + (face.mouthWidth + 0.05 - nw) * Math.max(0, along) ** 0.8;
  z -= (0.006 + 0.016 * face.age) * Math.exp(-(((a - foldU) / 0.03) ** 2) / 2) * smooth(0, 0.3, along) *
    (1 - smooth(0.75, 1.1, along));
  return z;
}

/** Height of the hairline at u. */
export function hairlineAt(face: FaceIdentity, u: number): number {
  const a = Math.abs(u);
  switch (face.hairStyle) {
    case 1: // parted
      return face.hairline + 0.14 * smooth(-0.25, 0.6, u) + 0.5 * a ** 4;
    case 2: // fringe
      return face.hairline + 0.14 + 0.02 * Math.sin(u * 23) + 0.5 * a ** 5;
    case 4: // receding
      return face.hairline + 0.07 * Math.exp(-((a / 0.16) ** 2)) + 0.75 * a ** 3.5;
    default:
      return face.hairline + 0.03 * Math.cos(7 * u) + 0.6 * a ** 4;
  }
}
