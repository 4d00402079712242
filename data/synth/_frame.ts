import type { Colour, FaceIdentity } from "./face_identity.ts";
import { lipLine, reach } from "./_maps.ts";
import { gridSide, type MotionState } from "./_motion.ts";
import type { LitFace } from "./_shade.ts";

/** Where the head is: shifts in face units, angle in radians, turns as parallax. */
export interface Pose {
  readonly u: number;
  readonly v: number;
  readonly angle: number;
  readonly scale: number;
  readonly yaw: number;
  readonly pitch: number;
  /** Cosine and sine of the angle, divided by the scale: asked for at every point. */
  readonly cos: number;
  readonly sin: number;
}

/** A pose with its cosine and sine. */
export function poseOf(pose: Omit<Pose, "cos" | "sin">): Pose {
  return { ...pose, cos: Math.cos(pose.angle) / pose.scale, sin: Math.sin(pose.angle) / pose.scale };
}

/** The head at rest, facing the camera. */
export const restPose: Pose = poseOf({ u: 0, v: 0, angle: 0, scale: 1, yaw: 0, pitch: 0 });

/** What is in a frame beside the lit face. */
export interface Scene {
  readonly face: FaceIdentity;
  readonly lit: LitFace;
  readonly pose: Pose;
  readonly motion: MotionState;
  /** Where the eyes look, face units. */
  readonly gaze: readonly [u: number, v: number];
  /** How closed the lids are, 0..1. */
  readonly blink: number;
  /** Colour of the wall and how much brighter it is on the right. */
  readonly wall: Colour;
  readonly wallSlope: number;
}

/** A point of the frame and the point of the face at rest that is seen there. */
export interface Trace {
  u: number;
  v: number;
  /** In the open mouth: depth below its upper edge, 0..1; otherwise negative. */
  gap: number;
}

/** Follows a point of the frame back to the face at rest: head pose, then muscles, then the parted lips. */
export function traceBack(scene: Scene, x: number, y: number, out: Trace): void {
  const { face, pose, motion } = scene;
  const { cos, sin } = pose;
  const px = x - pose.u, py = y - pose.v;
  // The chin is the pivot's far end; nearer parts (the nose) shift more when the head turns.
  const qu = cos * px + sin * py, qv = -sin * px + cos * py;
  const depth = Math.max(0, 0.6 - 0.75 * qu * qu - 0.3 * qv * qv);
  const u = qu - pose.yaw * depth, v = qv - pose.pitch * depth;
  const k = (gridSide - 1) / (2 * reach);
  const gx = Math.max(0, Math.min(gridSide - 1.001, (u + reach) * k));
  const gy = Math.max(0, Math.min(gridSide - 1.001, (v + reach) * k));
  const ix = gx | 0, iy = gy | 0, fx = gx - ix, fy = gy - iy, i = iy * gridSide + ix;
  const w00 = (1 - fx) * (1 - fy), w01 = fx * (1 - fy), w10 = (1 - fx) * fy, w11 = fx * fy;
  const { du, dv } = motion;
  const cu = u - (w00 * du[i]! + w01 * du[i + 1]! + w10 * du[i + gridSide]! + w11 * du[i + gridSide + 1]!);
  let cv = v - (w00 * dv[i]! + w01 * dv[i + 1]! + w10 * dv[i + gridSide]! + w11 * dv[i + gridSide + 1]!);
  out.gap = -1;
  if ((motion.lower > 0 || motion.upper > 0) && cv > face.mouthY - 0.3) {
    const line = lipLine(face, cu), s = cv - line, t = cu / face.mouthWidth, arc = Math.max(0, 1 - t * t);
    const profile = arc ** 0.55, below = motion.lower * profile, above = motion.upper * profile;
    if (s > -above && s < below) {
      out.gap = (s + above) / (above + below);
      cv = line;
    } else if (s >= below) {
      // Skin just below the lip moves with the lip, farther down with the jaw, and not below the chin.
      const jaw = motion.lower * 0.85 / (1 + (cu / 0.42) ** 4), lip = motion.lower * profile;
      let at = s - below;
      for (let n = 0; n < 3; n++) {
        const far = jaw * smooth(-0.02, 0.14, at) * (1 - smooth(0.5, 0.85, at));
        const near = 1 / (1 + (at / 0.11) ** 4);
        at = Math.max(0, s - far - (lip - far) * near);
      }
      cv = line + at;
    } else {
      const d = -s - above;
      cv = line - (d + above * (1 - 1 / (1 + (d / 0.08) ** 4)));
    }
  }
  out.u = cu;
  out.v = cv;
}

function smooth(from: number, to: number, x: number): number {
  const t = Math.max(0, Math.min(1, (x - from) / (to - from)));
  return t * t * (3 - 2 * t);
}

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

/** Teeth above, the dark of the mouth, the tongue below. */
function drawMouth(scene: Scene, trace: Trace, out: [number, number, number]): void {
  const { face, motion } = scene, t = trace.u / face.mouthWidth;
  const tall = (motion.lower + motion.upper) * Math.max(0, 1 - t * t) ** 0.55, depth = trace.gap * tall;
  const light = 0.5 + 0.5 * scene.lit.direction[2];
  const edge = smooth(0, 0.018, depth) * smooth(0, 0.014, tall - depth);
  const tooth = (1 - smooth(0.045, 0.062, depth)) * (1 - smooth(0.62, 0.85, Math.abs(t))) *
    (1 - 0.12 * Math.exp(-((((Math.abs(t * 5.2) % 1) - 0.5) / 0.08) ** 2))) * smooth(0.02, 0.06, tall);
  const tongue = smooth(0.55, 0.95, trace.gap) * smooth(0.12, 0.2, tall) * (1 - Math.abs(t));
  const r = 0.16 + 0.66 * tooth * light + 0.36 * tongue * light;
  const g = 0.055 + 0.70 * tooth * light + 0.13 * tongue * light;
  const b = 0.055 + 0.64 * tooth * light + 0.14 * tongue * light;
  const shadow = (0.45 + 0.55 * smooth(0, 0.05, depth)) * (0.4 + 0.6 * edge);
  out[0] = r * shadow;
  out[1] = g * shadow;
  out[2] = b * shadow;
}

/** The eye between its lids. The lids move with the skin; the eyeball only with the head. */
function drawEye(scene: Scene, trace: Trace, px: number, py: number, out: [number, number, number]): void {
  const { face, pose, lit } = scene, side = trace.u < 0 ? -1 : 1;
  const t = (trace.u * side - face.eyeX) / face.eyeWidth;
  if (t < -1.25 || t > 1.3) return;
  const arc = Math.max(0, 1 - Math.abs(t) ** 2.3), middle = face.eyeY - face.eyeTilt * t + 0.006 * t * t;
  const upper = middle - face.eyeHeight * 1.08 * arc ** 0.8 * (1 - 1.75 * scene.blink);
  const lower = middle + face.eyeHeight * 0.8 * Math.max(0, 1 - t * t);
  const inside = smooth(-0.006, 0.006, trace.v - upper) * smooth(-0.006, 0.006, lower - trace.v) *
    smooth(1.02, 0.94, Math.abs(t));
  const light = 0.62 + 0.36 * lit.direction[2];
  if (inside > 0) {
    // The eyeball in head coordinates, so that lids slide over it.
    const hu = px - pose.u - side * face.eyeX - scene.gaze[0] - 0.5 * pose.yaw;
    const hv = py - pose.v - face.eyeY - scene.gaze[1] - 0.5 * pose.pitch + 0.004;
    const d = Math.hypot(hu, hv), radius = 0.0585;
    const white = light * (0.98 - 0.28 * Math.abs(t) ** 3) * (0.58 + 0.42 * smooth(0, 0.05, trace.v - upper));
    let r = 0.93 * white, g = 0.89 * white, b = 0.87 * white;
    const corner = smooth(-0.72, -0.95, t);
    g *= 1 - 0.35 * corner;
    b *= 1 - 0.3 * corner;
    const inIris = smooth(radius + 0.006, radius - 0.006, d);
    const fibre = 1 + 0.25 * Math.sin(Math.atan2(hv, hu) * 17) * smooth(0.02, 0.05, d) +
      0.5 * smooth(-0.02, 0.05, hv);
    const ring = (1 - 0.65 * smooth(radius * 0.7, radius, d)) *
      (0.55 + 0.45 * smooth(0, 0.05, trace.v - upper));
    const dark = 1 - smooth(0.027, 0.02, d);
    r += (face.iris[0] * fibre * ring * dark * 1.25 * light - r) * inIris;
    g += (face.iris[1] * fibre * ring * dark * 1.25 * light - g) * inIris;
    b += (face.iris[2] * fibre * ring * dark * 1.25 * light - b) * inIris;
    const spark = smooth(0.018, 0.008, Math.hypot(hu - 0.022 * Math.sign(lit.direction[0]), hv + 0.02));
    r += spark * 0.75;
    g += spark * 0.75;
    b += spark * 0.75;
    out[0] += (r - out[0]) * inside;
    out[1] += (g - out[1]) * inside;
    out[2] += (b - out[2]) * inside;
  }
  // Lashes and the rim of the lids; the crease above.
  const rim = smooth(1.18, 0.95, Math.abs(t));
  const lash = Math.exp(-(((trace.v - upper + 0.006) / 0.013) ** 2)) * rim * (0.72 + 0.2 * t);
  const under = 0.28 * Math.exp(-(((trace.v - lower - 0.004) / 0.01) ** 2)) * rim;
  const creaseAt = middle - face.eyeHeight * 1.25 * Math.max(0, 1 - 0.7 * t * t) - 0.028 + 0.012 * t * t;
  const crease = 0.34 * Math.exp(-(((trace.v - creaseAt) / 0.011) ** 2)) * smooth(1.2, 0.8, Math.abs(t));
  const keep = (1 - lash) * (1 - under) * (1 - crease);
  out[0] *= keep;
  out[1] *= keep;
  out[2] *= keep;
}

/** A dark frame and a faint reflection; it moves with the head only. */
function drawGlasses(scene: Scene, px: number, py: number, out: [number, number, number]): void {
  const { face, pose } = scene, u = px - pose.u - 0.6 * pose.yaw, v = py - pose.v - 0.6 * pose.pitch;
  const a = Math.abs(u), cu = face.eyeX + 0.005, cv = face.eyeY + 0.035;
  if (Math.abs(v - cv) > 0.2) return;
  const d = (Math.abs((a - cu) / 0.235) ** 3.2 + Math.abs((v - cv) / 0.165) ** 3.2) ** (1 / 3.2);
  const ring = Math.exp(-(((d - 1) / 0.055) ** 2));
  const bridge = a < cu - 0.2 ? Math.exp(-(((v - cv + 0.06 - 0.25 * a * a) / 0.014) ** 2)) : 0;
  const arm = a > cu + 0.22 && a < face.width + 0.03 ? Math.exp(-(((v - cv + 0.05) / 0.016) ** 2)) : 0;
  const dark = 0.85 * Math.max(ring, bridge, arm);
  const glare = d < 1 ? 0.05 * smooth(0.5, 0.9, ((u - v * 1.3) * 2.3 + 10) % 1) : 0;
  for (let c = 0; c < 3; c++) out[c] = (out[c]! + glare) * (1 - dark) + 0.07 * dark;
}
