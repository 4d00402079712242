import type { FrameSource, Sample } from "../../types.ts";
import type { NumberedFrame } from "../_files.ts";
import type { Problems } from "../_problems.ts";

/** Where a coded clip's key frames lie among the frames on disk. */
export type Placed = Pick<Sample, "source" | "onset" | "apex" | "offset" | "apexOrigin">;

/**
 * Places coded frame numbers among the frames on disk. A key frame that is not on disk is replaced by the nearest one
 * within onset..offset; a clip of which fewer than half of the frames are there is left out. Both are reported.
 */
export function placeFrames(
  name: string,
  coded: { readonly onset: number | null; readonly apex: number | null; readonly offset: number | null },
  frames: readonly NumberedFrame[],
  problems: Problems,
  source: FrameSource = imageSource(frames),
): Placed | undefined {
  const { onset, offset } = coded;
  if (onset === null || offset === null || onset >= offset) {
    problems.drop(
      name,
      "frames",
      `onset ${onset ?? "unknown"}, offset ${offset ?? "unknown"}`,
      "the clip is left out; correct the table",
    );
    return undefined;
  }
  const inside = frames.flatMap((frame, i) => frame.number >= onset && frame.number <= offset ? [i] : []);
  const wanted = offset - onset + 1;
  if (inside.length < Math.max(2, wanted / 2)) {
    const disk = frames.length === 0 ? "no frame" : `frames ${frames[0]!.number} to ${frames.at(-1)!.number}`;
    problems.drop(
      name,
      "frames",
      `${inside.length} of the ${wanted} frames from ${onset} to ${offset} are on disk (${disk})`,
      "the clip is left out; copy its folder again from the database",
    );
    return undefined;
  }
  if (inside.length < wanted) {
    const there = new Set(inside.map((i) => frames[i]!.number));
    const missing = Array.from({ length: wanted }, (_, i) => onset + i).filter((number) =>
      !there.has(number)
    );
    const listed = missing.slice(0, 5).join(", ") +
      (missing.length > 5 ? `, ... (${missing.length} in all)` : "");
    const found = missing.length === 1 ? `frame ${listed} is missing` : `frames ${listed} are missing`;
    const remedy =
      "the frames that are there are used, the nearest one for a missing onset, apex or offset; copy the folder again";
    problems.keep(name, "frames", found, remedy);
  }
  const nearest = (number: number) =>
    inside.reduce((best, i) =>
      Math.abs(frames[i]!.number - number) < Math.abs(frames[best]!.number - number) ? i : best
    );
  const isCoded = coded.apex !== null && coded.apex >= onset && coded.apex <= offset;
  return {
    source,
    onset: inside[0]!,
    apex: nearest(isCoded ? coded.apex! : Math.floor((onset + offset) / 2)),
    offset: inside.at(-1)!,
    apexOrigin: isCoded ? "coded" : "midpoint",
  };
}

/** The frames as a source. */
export function imageSource(frames: readonly NumberedFrame[]): FrameSource {
  return { kind: "images", files: frames.map((frame) => frame.file) };
}

/** Notes the image files of a clip's folder that are not read. */
export function noteOdd(name: string, odd: readonly string[], problems: Problems): void {
  if (odd.length === 0) return;
  const more = odd.length > 3 ? `, ... (${odd.length} in all)` : "";
  problems.keep(
    name,
    "frames",
    `${odd.slice(0, 3).join(", ")}${more}`,
    "files without a frame number of their own, named unlike the others, or neither JPEG, PNG nor BMP are not read; remove, rename or convert them",
  );
}

/** Notes frames that are missing between the first and the last of a folder. */
export function noteGaps(name: string, frames: readonly NumberedFrame[], problems: Problems): void {
  if (frames.length === 0) return;
  const [first, last] = [frames[0]!.number, frames.at(-1)!.number];
  const missing = last - first + 1 - frames.length;
  if (missing === 0) return;
  problems.keep(
    name,
    "frames",
    `${missing} frames missing between ${first} and ${last}`,
    "the frames that are there are used; copy the folder again",
  );
}
