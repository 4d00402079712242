import { drawEye, drawGlasses, drawMouth } from "./_features.ts";
import type { Scene } from "./_scene.ts";
import { reach } from "./_shape.ts";
import { type Trace, traceBack } from "./_trace.ts";

/**
 * Draws the frame, size x size x 3 in 0..1 before the camera. The maps hold about two points a pixel, so that one bilinear
 * reading is a mean over the pixel; where sharp edges are drawn (eyes, parted lips, glasses) four samples are taken.
 */
export function drawFrame(scene: Scene, size: number): Float32Array {
  const out = new Float32Array(size * size * 3);
  const { face, motion, pose } = scene, folds = foldLight(scene);
  const trace: Trace = { u: 0, v: 0, gap: -1 }, sample: [number, number, number] = [0, 0, 0];
  const unit = 1 / size, parted = motion.lower + motion.upper > 0;
  const eyes = face.glasses ? 0.22 : 0.14, ends = face.glasses ? 1 : face.eyeX + 0.22;
  for (let y = 0; y < size; y++) {
    const v = (2 * y + 1) * unit - 1 - pose.v;
    const byEyes = Math.abs(v - face.eyeY - 0.02) < eyes;
    const byMouth = parted && v > face.mouthY - 0.28 && v < face.mouthY + 0.4;
    for (let x = 0; x < size; x++) {
      const a = Math.abs((2 * x + 1) * unit - 1 - pose.u), i = 3 * (y * size + x);
      const side = (byEyes && a < ends) || (byMouth && a < face.mouthWidth + 0.12) ? 2 : 1;
      let r = 0, g = 0, b = 0;
      for (let k = 0; k < side * side; k++) {
        const px = (2 * x + (side === 1 ? 1 : 0.5 + (k & 1))) * unit - 1;
        const py = (2 * y + (side === 1 ? 1 : 0.5 + (k >> 1))) * unit - 1;
        traceBack(scene, px, py, trace);
        shadePoint(scene, folds, trace, px, py, sample);
        r += sample[0];
        g += sample[1];
        b += sample[2];
      }
      out[i] = r / (side * side);
      out[i + 1] = g / (side * side);
      out[i + 2] = b / (side * side);
    }
  }
  return out;
}

/** How folds of moving skin change the light: brighter towards it, darker away from it and in their depth. */
function foldLight(scene: Scene): Float32Array {
  const { relief } = scene.motion, n = scene.lit.maps.n, [lu, lv, lz] = scene.lit.direction;
  const out = new Float32Array(n * n).fill(1), slope = n / (4 * reach) * 0.9 / Math.max(0.5, lz);
  // Folds are judged by a light from above too: even under frontal light the eye sees them as dark lines.
  const du = lu * slope, dv = (lv - 0.12) * slope;
  for (let y = 1; y < n - 1; y++) {
    for (let x = 1; x < n - 1; x++) {
      const i = y * n + x,
        z = relief[i]!,
        ze = relief[i + 1]!,
        zs = relief[i + n]!,
        zw = relief[i - 1]!,
        zn = relief[i - n]!;
      if (z === 0 && ze === 0 && zs === 0) continue;
      const change = -du * (ze - zw) - dv * (zs - zn) + (z < 0 ? 16 : 3) * z;
      out[i] = Math.max(0.35, Math.min(1.45, 1 + change));
    }
  }
  return out;
}

/** The colour of what `trace` found. */
function shadePoint(
  scene: Scene,
  folds: Float32Array,
  trace: Trace,
  px: number,
  py: number,
  out: [number, number, number],
): void {
  const { face, lit, wall } = scene, { maps, rgb } = lit, n = maps.n, size = n * n;
  const k = n / (2 * reach);
  const gx = Math.max(0, Math.min(n - 1.001, (trace.u + reach) * k - 0.5));
  const gy = Math.max(0, Math.min(n - 1.001, (trace.v + reach) * k - 0.5));
  const ix = gx | 0, iy = gy | 0, fx = gx - ix, fy = gy - iy, i = iy * n + ix;
  const w00 = (1 - fx) * (1 - fy), w01 = fx * (1 - fy), w10 = (1 - fx) * fy, w11 = fx * fy;
  const j = i + n;
  const cover = w00 * maps.cover[i]! + w01 * maps.cover[i + 1]! + w10 * maps.cover[j]! +
    w11 * maps.cover[j + 1]!;
  const shade = 1 + scene.wallSlope * px - 0.05 * py;
  out[0] = wall[0] * shade;
  out[1] = wall[1] * shade;
  out[2] = wall[2] * shade;
  if (cover <= 0.002) return;
  const fold = w00 * folds[i]! + w01 * folds[i + 1]! + w10 * folds[j]! + w11 * folds[j + 1]!;
  for (let c = 0; c < 3; c++) {
    const o = c * size;
    const skin = w00 * rgb[o + i]! + w01 * rgb[o + i + 1]! + w10 * rgb[o + j]! + w11 * rgb[o + j + 1]!;
    // Blood stays in a fold: it darkens red less than green and blue.
    const tint = c === 0 && fold < 1 ? fold + 0.15 * (1 - fold) : fold;
    out[c] = out[c]! + (skin * tint - out[c]!) * cover;
  }
  if (trace.gap >= 0) drawMouth(scene, trace, out);
  else if (Math.abs(trace.v - face.eyeY) < 0.13) drawEye(scene, trace, px, py, out);
  if (face.glasses) drawGlasses(scene, px, py, out);
}
