import { lipLine, reach, smooth } from "./_shape.ts";
import { gridSide } from "./_motion.ts";
import type { Scene } from "./_scene.ts";

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
