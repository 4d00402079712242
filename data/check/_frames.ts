import { basename } from "node:path";
import type { Sample } from "../../types.ts";
import { frameNumber } from "../_files.ts";
import type { Problems } from "../_problems.ts";
import { type Damage, type Look, lookAtFrame } from "./_look.ts";
import { lookAtVideo } from "./_video_look.ts";

/** What most of a clip's frames are. */
export interface ClipLook {
  readonly name: string;
  readonly look: Look;
}

/** How a clip's frames are checked. */
export interface FrameCheck {
  readonly decode: boolean;
  /** Called for each frame that was opened. */
  readonly onFrame: () => void;
  readonly signal?: AbortSignal | undefined;
}

/** Frames of one clip that are opened at once: enough to keep every core busy, too few to fill the memory. */
const atOnce = 4 * Math.max(2, navigator.hardwareConcurrency);

/** Opens every frame of a clip, notes those that cannot be used or are unlike the others, and gives what most of them are. */
export async function checkFrames(
  sample: Sample,
  problems: Problems,
  check: FrameCheck,
): Promise<ClipLook | undefined> {
  const name = `${sample.subject}/${sample.clip}`, { source } = sample;
  if (source.kind === "video") {
    const why = check.decode ? await lookAtVideo(source.file, source.frames, check.signal) : undefined;
    for (let i = 0; i < source.frames; i++) check.onFrame();
    if (why !== undefined) {
      problems.keep(name, "video", why, "training stops at such a video: copy it again from the database");
    }
    return undefined;
  }
  const looks = Array<Look | Damage>(source.files.length);
  let next = 0;
  const work = async () => {
    while (next < source.files.length && !check.signal?.aborted) {
      const i = next++;
      looks[i] = await lookAtFrame(source.files[i]!, check.decode);
      check.onFrame();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  check.signal?.throwIfAborted();
  noteDamage(name, source.files, looks, problems);
  return noteOthers(name, source.files, looks, problems);
}

function noteDamage(
  name: string,
  files: readonly string[],
  looks: readonly (Look | Damage)[],
  problems: Problems,
): void {
  const kinds = new Map<string, { files: string[]; why: string }>();
  looks.forEach((look, i) => {
    if (!("kind" in look)) return;
    const same = kinds.get(look.kind) ?? { files: [], why: look.why };
    same.files.push(files[i]!);
    kinds.set(look.kind, same);
  });
  for (const { files, why } of kinds.values()) {
    problems.keep(
      name,
      "frames",
      `${list(files)}: ${why}`,
      "training stops at such a frame: copy it again from the database",
    );
  }
}

function noteOthers(
  name: string,
  files: readonly string[],
  looks: readonly (Look | Damage)[],
  problems: Problems,
): ClipLook | undefined {
  const whole = looks.flatMap((look, i) => "kind" in look ? [] : [{ look, file: files[i]! }]);
  const usual = mostCommon(whole.map(({ look }) => look));
  if (usual === undefined) return undefined;
  const others = new Map<string, string[]>();
  for (const { look, file } of whole) {
    const what = difference(look, usual);
    if (what !== "") others.set(what, [...others.get(what) ?? [], file]);
  }
  for (const [what, files] of others) {
    problems.keep(
      name,
      "frames",
      `${list(files)}: ${what}`,
      "frames of another kind got into the folder: copy it again from the database",
    );
  }
  return { name, look: usual };
}

/** `640x480 instead of 280x340`, `16-bit grey instead of 8-bit colour`; empty where two are alike. */
export function difference(look: Look, usual: Look): string {
  const size = ({ width, height }: Look) => `${width}x${height}`;
  const parts: [string, string][] = [[size(look), size(usual)], [look.pixels, usual.pixels], [
    look.format,
    usual.format,
  ]];
  return parts.filter(([a, b]) => a !== b).map(([a, b]) => `${a} instead of ${b}`).join(", ");
}

/** What most are, the first of equals. */
export function mostCommon(looks: readonly Look[]): Look | undefined {
  const counts = new Map<string, { look: Look; n: number }>();
  for (const look of looks) {
    const key = JSON.stringify(look), same = counts.get(key);
    counts.set(key, { look, n: (same?.n ?? 0) + 1 });
  }
  return [...counts.values()].reduce(
    (best, one) => best === undefined || one.n > best.n ? one : best,
    undefined as { look: Look; n: number } | undefined,
  )?.look;
}

/** The first three names and how many there are. */
function list(files: readonly string[]): string {
  const names = files.slice(0, 3).map((file) => basename(file)).join(", ");
  return files.length > 3 ? `${names}, ... (${files.length} in all)` : names;
}

/** The numbers of a clip's first and last frame on disk. */
export function numbersOnDisk(
  sample: Sample,
): { first: number; last: number; missing: number[] } | undefined {
  if (sample.source.kind === "video") return undefined;
  const numbers = sample.source.files.map((file) => frameNumber(file)!);
  const missing: number[] = [];
  for (let i = 1; i < numbers.length && missing.length < 1000; i++) {
    for (let n = numbers[i - 1]! + 1; n < numbers[i]! && missing.length < 1000; n++) missing.push(n);
  }
  return { first: numbers[0]!, last: numbers.at(-1)!, missing };
}
