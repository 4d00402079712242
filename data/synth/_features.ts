import type { Scene } from "./_scene.ts";
import { smooth } from "./_shape.ts";
import type { Trace } from "./_trace.ts";

/** Teeth above, the dark of the mouth, the tongue below. */
export function drawMouth(scene: Scene, trace: Trace, out: [number, number, number]): void {
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
export function drawEye(
  scene: Scene,
  trace: Trace,
  px: number,
  py: number,
  out: [number, number, number],
): void {
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
export function drawGlasses(scene: Scene, px: number, py: number, out: [number, number, number]): void {
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
