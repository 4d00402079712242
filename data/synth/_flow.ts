import { join } from "node:path";
import { encodeImage } from "./_encode.ts";
import { type Trace, traceBack } from "./_trace.ts";
import { seenAt } from "./_landmarks.ts";
import { sceneOf } from "./_take.ts";
import type { CompositeClip } from "./_work.ts";

/** Side of a flow picture, as in the field's shared composite of flow images. */
export const flowSide = 28;

/** A composite clip without its take, which holds the whole face. */
export function flowRow(clip: CompositeClip): FlowEntry {
  const { database, subject, clip: name, label } = clip;
  return { database, subject, clip: name, label };
}

/** What the manifest of flow pictures says of one. */
export type FlowEntry = Pick<CompositeClip, "database" | "subject" | "clip" | "label">;

/**
 * The motion from onset to apex as the renderer made it, no estimate: for the centre of each of side x side cells, where the
 * skin seen there at the onset is seen at the apex. u and v are in pixels of the picture, row-major.
 */
export function exactFlow(clip: CompositeClip, side: number): { u: Float32Array; v: Float32Array } {
  const onset = sceneOf(clip.take, clip.onset), apex = sceneOf(clip.take, clip.apex);
  const u = new Float32Array(side * side), v = new Float32Array(side * side);
  const trace: Trace = { u: 0, v: 0, gap: -1 };
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const px = (2 * x + 1) / side - 1, py = (2 * y + 1) / side - 1;
      traceBack(onset, px, py, trace);
      const [qx, qy] = seenAt(apex, trace.u, trace.v, [px, py]);
      u[y * side + x] = (qx - px) * side / 2;
      v[y * side + x] = (qy - py) * side / 2;
    }
  }
  return { u, v };
}

/** Optical strain: the size of the symmetric gradient of the flow, sqrt(ux^2 + vy^2 + (uy + vx)^2 / 2). */
export function strainOf(u: Float32Array, v: Float32Array, side: number): Float32Array {
  const at = (map: Float32Array, x: number, y: number) =>
    map[Math.max(0, Math.min(side - 1, y)) * side + Math.max(0, Math.min(side - 1, x))]!;
  const out = new Float32Array(side * side);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const ux = (at(u, x + 1, y) - at(u, x - 1, y)) / 2, uy = (at(u, x, y + 1) - at(u, x, y - 1)) / 2;
      const vx = (at(v, x + 1, y) - at(v, x - 1, y)) / 2, vy = (at(v, x, y + 1) - at(v, x, y - 1)) / 2;
      out[y * side + x] = Math.sqrt(ux * ux + vy * vy + (uy + vx) ** 2 / 2);
    }
  }
  return out;
}

/** The flow picture of a clip: R = u, G = v, B = strain, each stretched to 0..255. */
export function flowOf(clip: CompositeClip): Uint8Array {
  const { u, v } = exactFlow(clip, flowSide);
  const planes = [u, v, strainOf(u, v, flowSide)];
  const out = new Uint8Array(3 * flowSide * flowSide);
  for (const [c, plane] of planes.entries()) {
    const low = Math.min(...plane), span = Math.max(1e-9, Math.max(...plane) - low);
    for (let i = 0; i < plane.length; i++) out[3 * i + c] = Math.round(255 * (plane[i]! - low) / span);
  }
  return out;
}

/** Writes the pictures and `manifest.csv`: file, database, subject, clip, label. */
export async function writeFlow(
  folder: string,
  flows: readonly { readonly entry: FlowEntry; readonly pixels: Uint8Array }[],
): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  const lines = ["file,database,subject,clip,label\n"];
  for (const { entry, pixels } of flows) {
    // The list lost SAMM's zeros; the manifest has them.
    const subject = entry.database === "samm" ? entry.subject.padStart(3, "0") : entry.subject;
    const file = `${entry.database}_${subject}_${entry.clip}.png`;
    await Deno.writeFile(join(folder, file), await encodeImage(pixels, flowSide, flowSide, "png", false));
    lines.push(`${file},${entry.database},${subject},${entry.clip},${entry.label}\n`);
  }
  await Deno.writeTextFile(join(folder, "manifest.csv"), lines.join(""));
}
