import type { FaceIdentity } from "./face_identity.ts";
import type { Scene } from "./_scene.ts";
import { lipLine, outline } from "./_shape.ts";
import { traceBack } from "./_trace.ts";

/** The 68 points of the usual mark-up on a face at rest, in face units: jaw, brows, nose, eyes, lips. */
export function restLandmarks(face: FaceIdentity): [u: number, v: number][] {
  const { eyeX: ex, eyeY: ey, eyeWidth: ew, eyeHeight: eh, mouthWidth: mw, lipThickness: lip } = face;
  const points: [number, number][] = [];
  for (let i = 0; i < 17; i++) {
    const angle = Math.PI * (1 - i / 16), v = -0.1 + (face.chin + 0.08) * Math.sin(angle);
    points.push([Math.sign(Math.cos(angle)) * (i === 8 ? 0 : outline(face, v)), v]);
  }
  const brow = (side: number, s: number): [number, number] => [
    side * (ex + 0.01 + 0.235 * s),
    face.browY - face.browArch * (1 - s * s) - 0.012 * s,
  ];
  for (const s of [1, 0.5, 0, -0.5, -1]) points.push(brow(-1, s));
  for (const s of [-1, -0.5, 0, 0.5, 1]) points.push(brow(1, s));
  for (let i = 0; i < 4; i++) points.push([0, ey + 0.02 + (face.noseY - 0.06 - ey) * i / 3]);
  for (const t of [-1, -0.5, 0, 0.5, 1]) {
    points.push([t * face.noseWidth, face.noseY + 0.05 * (1 - t * t) + 0.01]);
  }
  const eye = (side: number, t: number, down: boolean): [number, number] => {
    const middle = ey - face.eyeTilt * t, arc = 1 - t * t;
    return [side * (ex + ew * t), down ? middle + 0.8 * eh * arc : middle - 1.08 * eh * arc];
  };
  for (const t of [1, 0.4, -0.4, -1]) points.push(eye(-1, t, false));
  for (const t of [-0.4, 0.4]) points.push(eye(-1, t, true));
  for (const t of [-1, -0.4, 0.4, 1]) points.push(eye(1, t, false));
  for (const t of [0.4, -0.4]) points.push(eye(1, t, true));
  const lips = (t: number, thick: number): [number, number] => [
    t * mw,
    lipLine(face, t * mw) + thick * lip * (1 - t * t) ** 0.7,
  ];
  for (const t of [-1, -0.6, -0.25, 0, 0.25, 0.6, 1]) points.push(lips(t, -1));
  for (const t of [0.6, 0.25, 0, -0.25, -0.6]) points.push(lips(t, 1.3));
  for (const t of [-0.9, -0.3, 0, 0.3, 0.9]) points.push(lips(t, -0.02));
  for (const t of [0.3, 0, -0.3]) points.push(lips(t, 0.02));
  return points;
}

/** Where the points are seen in a scene, in pixels of a size x size frame. */
export function landmarks(scene: Scene, size: number): [x: number, y: number][] {
  return restLandmarks(scene.face).map(([u, v]) => {
    const [x, y] = seenAt(scene, u, v);
    return [(x + 1) * size / 2, (y + 1) * size / 2];
  });
}

/**
 * Where in the frame a point of the face at rest is seen: the fixed point of x = p + (x - back(x)), found by iteration; the
 * start is moved by the opening of the lips, so that points below them stay below.
 */
export function seenAt(
  scene: Scene,
  u: number,
  v: number,
  from: readonly [number, number] = [u, v],
): [number, number] {
  const out = { u: 0, v: 0, gap: -1 };
  let [x, y] = from;
  if (scene.motion.lower > 0 && v > lipLine(scene.face, u)) y += scene.motion.lower;
  for (let n = 0; n < 24; n++) {
    traceBack(scene, x, y, out);
    const du = u - out.u, dv = v - out.v;
    x += 0.8 * du;
    y += 0.8 * dv;
    if (du * du + dv * dv < 1e-10) break;
  }
  return [x, y];
}
