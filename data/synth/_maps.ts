import { type Random, seededRandom } from "../../engine/random.ts";
import type { FaceIdentity } from "./face_identity.ts";
import { bell, hairlineAt, lipLine, outline, reach, relief, smooth } from "./_shape.ts";

/** What does not change about a face: n x n maps over [-reach, reach] of relief and colour, row-major. */
export interface FaceMaps {
  /** Side of the maps. */
  readonly n: number;
  /** Slope of the relief along u and v. */
  readonly slopeU: Float32Array;
  readonly slopeV: Float32Array;
  /** Unlit colour (3 x n x n, planes) and its share of the pixel (0 is background). */
  readonly colour: Float32Array;
  readonly cover: Float32Array;
  /** How much light reaches the place, 0..1. */
  readonly open: Float32Array;
  /** How much the place shines, 0..1. */
  readonly gloss: Float32Array;
}

/** Smooth noise in -1..1 with features of about `cell` pixels. */
function smoothNoise(n: number, cell: number, random: Random): Float32Array {
  const m = Math.ceil(n / cell) + 2,
    knots = Float32Array.from({ length: m * m }, () => random.next() * 2 - 1);
  const out = new Float32Array(n * n);
  for (let y = 0; y < n; y++) {
    const fy = y / cell, iy = Math.floor(fy), ty = smooth(0, 1, fy - iy);
    for (let x = 0; x < n; x++) {
      const fx = x / cell, ix = Math.floor(fx), tx = smooth(0, 1, fx - ix), k = iy * m + ix;
      const top = knots[k]! + (knots[k + 1]! - knots[k]!) * tx;
      const bottom = knots[k + m]! + (knots[k + m + 1]! - knots[k + m]!) * tx;
      out[y * n + x] = top + (bottom - top) * ty;
    }
  }
  return out;
}

/** Makes the maps of a face, n x n. */
export function faceMaps(face: FaceIdentity, n: number): FaceMaps {
  const random = seededRandom(face.seed);
  const size = n * n, scale = 2 * reach / n;
  const height = new Float32Array(size);
  const colour = new Float32Array(3 * size), cover = new Float32Array(size);
  const open = new Float32Array(size), gloss = new Float32Array(size);
  const blotch = smoothNoise(n, n / 14, random), grain = smoothNoise(n, n / 70, random);
  const pores = smoothNoise(n, Math.max(1.5, n / 150), random);
  const strands = Float32Array.from({ length: 257 }, () => random.next());
  const moles = Array.from({ length: random.integer(4) }, () => {
    const side = random.next() < 0.5 ? -1 : 1;
    return [
      side * (0.2 + 0.4 * random.next()),
      -0.02 + 0.6 * random.next(),
      0.012 + 0.008 * random.next(),
    ] as const;
  });
  const hairlines = Float64Array.from({ length: n }, (_, x) => hairlineAt(face, (x + 0.5) * scale - reach));
  const { eyeX: ex, eyeY: ey, mouthY: my, mouthWidth: mw, noseY: ny, noseWidth: nw, lipThickness: lip } =
    face;
  for (let y = 0; y < n; y++) {
    const v = (y + 0.5) * scale - reach;
    const w = outline(face, v), neckHalf = 0.42 * face.width / 0.71 + 0.25 * smooth(0.95, 1.15, v);
    for (let x = 0; x < n; x++) {
      const u = (x + 0.5) * scale - reach, a = Math.abs(u), i = y * n + x;
      const edge = 1 - smooth(w - 0.012, w + 0.012, a);
      const neck = (1 - smooth(neckHalf - 0.015, neckHalf + 0.015, a)) * smooth(0.3, 0.35, v);
      const ear = 1 - smooth(0.8, 1.05, ((a - face.width + 0.005) / 0.085) ** 2 + ((v - 0.0) / 0.2) ** 2);
      // Colour of skin: blood near the surface, a little mottling, shadow of a beard.
      const blood = 0.55 * bell(a, v, 0.42, 0.14, 0.18, 0.15) + 0.6 * bell(u, v, 0, ny - 0.02, 0.1, 0.1) +
        0.25 * bell(u, v, 0, face.chin - 0.16, 0.15, 0.1) + 0.35 * ear * (1 - edge);
      const mottle = 1 + 0.03 * blotch[i]! + 0.014 * grain[i]! + 0.012 * pores[i]!;
      const under = 0.16 * bell(a, v, ex, ey + 0.1, 0.14, 0.04) +
        0.10 * bell(a, v, ex, ey - 0.06, 0.15, 0.06);
      let r = face.skin[0] * mottle * (1 - under),
        g = face.skin[1] * mottle * (1 - 0.10 * blood - 1.1 * under);
      let b = face.skin[2] * mottle * (1 - 0.09 * blood - 0.9 * under);
      if (face.beard > 0) {
        const mask = smooth(0.3, 0.48, v + 0.35 * a * a + 0.05 * blotch[i]!) *
          Math.max(1 - bell(u, v, 0, my, mw, 0.05), 0) * (1 - 0.7 * bell(a, v, 0.3, 0.3, 0.13, 0.1));
        const hairy = face.beard * mask * (0.55 + 0.35 * pores[i]! + 0.15 * grain[i]!);
        r += (face.hair[0] - r) * hairy;
        g += (face.hair[1] - g) * hairy;
        b += (face.hair[2] - b) * hairy;
      }
      for (const [mu, mv, mr] of moles) {
        const k = 0.65 * (1 - smooth(mr * 0.6, mr * 1.3, Math.hypot(u - mu, v - mv)));
        r *= 1 - k;
        g *= 1 - k;
        b *= 1 - k;
      }
      let shine = 0.35 + 0.35 * bell(u, v, 0, ny - 0.1, 0.09, 0.16) + 0.3 * bell(u, v, 0, -0.55, 0.35, 0.15);
      let light = 1;
      // Neck and ears lie behind the face and in its shadow.
      if (edge < 1) {
        const dim = neck > ear ? 0.62 : 0.82 - 0.25 * bell(a, v, face.width + 0.02, 0, 0.03, 0.1);
        light *= edge + (1 - edge) * dim;
        shine *= edge;
      }
      // Lips.
      const t = u / mw, line = lipLine(face, u);
      if (a < mw * 1.05) {
        const arc = Math.max(0, 1 - t * t);
        const bow = 1 - 0.2 * Math.exp(-((t / 0.12) ** 2)) +
          0.12 * Math.exp(-(((Math.abs(t) - 0.27) / 0.16) ** 2));
        const top = line - lip * arc ** 0.75 * bow, bottom = line + 1.3 * lip * arc ** 0.62;
        const red = smooth(top - 0.014, top + 0.014, v) * (1 - smooth(bottom - 0.018, bottom + 0.014, v));
        const upper = v < line ? 0.86 : 1;
        const ridged = upper * (1 + 0.05 * pores[i]!);
        r += (face.lips[0] * ridged - r) * red * 0.85;
        g += (face.lips[1] * ridged - g) * red * 0.85;
        b += (face.lips[2] * ridged - b) * red * 0.85;
        shine += 0.45 * red * (v > line ? 1 : 0.2);
      }
      const seam = a < mw * 1.06 && Math.abs(v - line) < 0.05
        ? Math.exp(-(((v - line) / 0.011) ** 2)) * (1 - smooth(mw * 0.93, mw * 1.06, a))
        : 0;
      light *= 1 - 0.72 * seam - 0.22 * bell(a, v, mw, face.mouthY - face.mouthCurve, 0.03, 0.022);
      // Shadow in hollows: sockets, beside and under the nose, nostrils, under the lower lip.
      light *= 1 - 0.24 * bell(a, v, 0.17, ey - 0.02, 0.07, 0.09) -
        0.12 * bell(a, v, ex, ey - 0.075, 0.16, 0.03);
      light *= 1 - 0.20 * bell(a, v, nw + 0.03, ny + 0.02, 0.035, 0.05) -
        0.22 * bell(u, v, 0, ny + 0.095, 0.12, 0.03);
      light *= 1 - 0.72 * bell(a, v, nw * 0.45, ny + 0.045, 0.034, 0.016) -
        0.2 * bell(u, v, 0, my + lip * 1.5, 0.14, 0.03);
      // Brows: short hairs across a curved band, denser in the middle.
      const s = (a - ex - 0.01) / 0.235;
      if (Math.abs(s) < 1.08 && Math.abs(v - face.browY) < 0.2) {
        const arch = face.browY - face.browArch * (1 - s * s) + 0.03 * smooth(0.3, 1.1, s) - 0.012 * s;
        const thick = face.browThickness * (1 - 0.5 * smooth(0, 1, s)) * (1 - 0.25 * smooth(-0.5, -1.1, s));
        const brow = (1 - smooth(0.85, 1.08, Math.abs(s))) *
          Math.exp(-(Math.abs((v - arch) / (thick * 1.25)) ** 3)) *
          (0.78 + 0.3 * pores[i]! + 0.12 * grain[i]!);
        const hairs = Math.max(0, Math.min(1, brow)) * 0.88;
        r += (face.hair[0] * 0.9 - r) * hairs;
        g += (face.hair[1] * 0.9 - g) * hairs;
        b += (face.hair[2] * 0.9 - b) * hairs;
        shine *= 1 - hairs;
      }
      // Hair: a cap above the hairline and beside the temples, with strands and a sheen.
      const cap = (Math.hypot(u / 0.86, (v + 0.12) / 1.02) + 0.012 * blotch[i]! + 0.01 * grain[i]!) / 1.0;
      const inCap = 1 - smooth(0.985, 1.015, cap);
      const lowest = face.hairStyle === 3 ? 1.2 : 0.02;
      const line2 = hairlines[x]! + 0.025 * grain[i]!;
      const fromTop = 1 - smooth(line2 - 0.02, line2 + 0.02, v);
      const side = face.hairStyle === 3
        ? face.width + 0.12 + 0.04 * Math.sin(v * 3.1 + 1.2) + 0.015 * grain[i]!
        : face.width + 0.07 - 0.05 * smooth(-0.4, 0.05, v) + 0.01 * grain[i]!;
      // Above the ears the sides keep within a round head of hair.
      const round = v < -0.12 ? 1 - smooth(0.97, 1.02, Math.hypot(a / (side + 0.03), (v + 0.12) / 0.98)) : 1;
      const temple = smooth(w - 0.07, w - 0.035, a + 0.02 * grain[i]!) * round *
        (1 - smooth(lowest - 0.1, lowest + 0.05, v)) * (1 - smooth(side, side + 0.03, a));
      const hairy = Math.max(inCap * fromTop, temple * (face.hairStyle === 4 ? 0.7 : 1));
      if (hairy > 0) {
        const angle = Math.atan2(u - (face.hairStyle === 1 ? -0.3 : 0), v + 1.25 + 0.3 * a);
        const at = Math.abs(angle * 260 + 6 * blotch[i]!) % 256, k = Math.floor(at);
        const strand = strands[k]! + (strands[k + 1]! - strands[k]!) * (at - k);
        const lit = 0.62 + 0.5 * strand + 0.45 * bell(u, v, -0.1, -0.86, 0.5, 0.06) + 0.12 * grain[i]!;
        r += (face.hair[0] * lit - r) * hairy;
        g += (face.hair[1] * lit - g) * hairy;
        b += (face.hair[2] * lit - b) * hairy;
        shine *= 1 - hairy;
        light += (1 - light) * hairy;
      } else if (v < line2 + 0.1) light *= 1 - 0.16 * (1 - smooth(line2, line2 + 0.1, v)); // the hair's shadow
      // Clothes.
      const collar = 1.03 - 0.16 * smooth(0.28, 0.9, a) + 0.06 * bell(u, v, 0, v, 0.2, 1);
      const cloth = smooth(collar, collar + 0.015, v) * (1 - hairy * 0.9);
      if (cloth > 0) {
        r += (face.cloth[0] * (0.9 + 0.1 * grain[i]!) - r) * cloth;
        g += (face.cloth[1] * (0.9 + 0.1 * grain[i]!) - g) * cloth;
        b += (face.cloth[2] * (0.9 + 0.1 * grain[i]!) - b) * cloth;
        shine *= 1 - cloth;
      }
      colour[i] = r;
      colour[size + i] = g;
      colour[2 * size + i] = b;
      cover[i] = Math.max(edge, neck, ear, hairy, cloth);
      open[i] = Math.max(0.1, light);
      gloss[i] = shine;
      height[i] = relief(face, u, v, w) * edge + 0.008 * hairy +
        (0.0007 * pores[i]! + 0.0009 * grain[i]!) * edge;
    }
  }
  const slopeU = new Float32Array(size), slopeV = new Float32Array(size);
  for (let y = 1; y < n - 1; y++) {
    for (let x = 1; x < n - 1; x++) {
      const i = y * n + x;
      slopeU[i] = (height[i + 1]! - height[i - 1]!) / (2 * scale);
      slopeV[i] = (height[i + n]! - height[i - n]!) / (2 * scale);
    }
  }
  return { n, slopeU, slopeV, colour, cover, open, gloss };
}
