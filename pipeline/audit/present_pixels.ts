import { loadClip, loadFlowImages } from "../../data/mod.ts";
import { type LabelledSample, type Sample, UserError } from "../../types.ts";
import { comparisonMethod } from "../check_method.ts";
import { clipChecksum } from "../clip_store.ts";
import { describedChecksum } from "../features.ts";
import { labelSource, readSamples } from "../read_samples.ts";
import type { Plan, PlanClip } from "../plan.ts";
import { exists } from "../run_folder.ts";
import { sha256 } from "../../sha256.ts";
import { nameOf } from "./evidence.ts";
import type { Findings } from "./finding.ts";

/** What the databases hold now. */
export interface PresentPixels {
  /** The checksum of every clip as training should have read it, by `set database/subject/clip`. */
  readonly pixels: ReadonlyMap<string, string>;
  /** The clips that have a file among their frames, by the SHA-256 of the file. */
  readonly files: ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * Reads the databases anew, without any cache: labels are compared with the plan's, and every clip is decoded from its frames again, so that its
 * checksum is that of what training should have read.
 *
 * @param data The folder of the databases.
 * @returns Undefined where the folder is not there.
 */
export async function presentPixels(
  plan: Plan,
  data: string,
  findings: Findings,
  say: (line: string) => void,
): Promise<PresentPixels | undefined> {
  if (!(await exists(data))) return undefined;
  return plan.pipeline.flow
    ? await presentImages(plan, data, findings)
    : await presentClips(plan, data, findings, say);
}

async function presentImages(plan: Plan, data: string, findings: Findings): Promise<PresentPixels> {
  const { folder = "flow" } = plan.pipeline.flow ?? {};
  const images = await loadFlowImages(`${data}/${folder}`);
  const present = new Map(images.map((image) => [nameOf(image), image]));
  const pixels = new Map<string, string>();
  const now = [];
  for (const clip of plan.micro) {
    const image = present.get(nameOf(clip));
    if (!image) {
      findings.add(
        "label",
        "sample list",
        `${nameOf(clip)} is in the plan, but no longer in ${folder}/manifest.csv`,
      );
      continue;
    }
    compareLabel(plan, clip, image.classIndex, findings);
    now.push([image.database, image.subject, image.clip, image.classIndex]);
    pixels.set(`micro ${nameOf(clip)}`, describedChecksum(plan.pipeline, image));
  }
  compareSources(plan, [labelSource(`manifest ${folder}/manifest.csv`, now)], findings);
  return { pixels, files: new Map() };
}

async function presentClips(
  plan: Plan,
  data: string,
  findings: Findings,
  say: (line: string) => void,
): Promise<PresentPixels> {
  const found = await readSamples(plan.pipeline, data, () => {});
  compareSources(plan, found.labels, findings);
  const stored = comparisonMethod(plan.pipeline.method) !== undefined;
  const pixels = new Map<string, string>(), files = new Map<string, Set<string>>();
  const all = plan.micro.length + plan.macro.length;
  let done = 0;
  const began = performance.now();
  for (const set of ["micro", "macro"] as const) {
    const present = new Map<string, LabelledSample>(found[set].map((sample) => [nameOf(sample), sample]));
    const own = new Set(plan[set].map(nameOf));
    // Macro clips of persons who are tested are left out on purpose.
    const unknown = set === "micro" ? [...present.keys()].filter((name) => !own.has(name)) : [];
    for (const name of unknown) {
      findings.add("label", "sample list", `the databases have ${name}, which the plan does not know`);
    }
    for (const clip of plan[set]) {
      if (++done % 50 === 0 && performance.now() - began > 3000) {
        say(`decoding clips anew: ${done} of ${all}`);
      }
      const sample = present.get(nameOf(clip));
      if (!sample) {
        findings.add(
          "label",
          "sample list",
          `${nameOf(clip)} is in the plan, but no longer in the databases`,
        );
        continue;
      }
      compareLabel(plan, clip, sample.classIndex, findings);
      const name = `${set} ${nameOf(clip)}`;
      pixels.set(name, await checksumOf(plan, sample, stored));
      for (const sum of await fileSums(sample)) {
        (files.get(sum) ?? files.set(sum, new Set()).get(sum)!).add(name);
      }
    }
  }
  return { pixels, files };
}

/** The SHA-256 of each file from onset to offset; missing ones are told by decoding. */
async function fileSums({ source, onset, offset }: Sample): Promise<string[]> {
  const files = source.kind === "video" ? [source.file] : source.files.slice(onset, offset + 1);
  const bytes = await Promise.all(files.map((file) => Deno.readFile(file).catch(() => undefined)));
  return bytes.flatMap((content) => content ? [sha256(content)] : []);
}

async function checksumOf(plan: Plan, sample: Sample, described: boolean): Promise<string> {
  const { frames, size, channels, interpolation } = plan.pipeline.clip;
  try {
    const clip = await loadClip(sample, { frames, size, channels, interpolation });
    return described ? describedChecksum(plan.pipeline, clip) : clipChecksum(clip);
  } catch (error) {
    if (error instanceof UserError || error instanceof RangeError) return `none: ${error.message}`;
    throw error;
  }
}

function compareLabel(plan: Plan, clip: PlanClip, now: number, findings: Findings): void {
  if (clip.classIndex === now) return;
  findings.add(
    "label",
    "sample list",
    `the plan has ${nameOf(clip)} as ${plan.classes[clip.classIndex]}, the databases as ${plan.classes[now]}`,
  );
}

function compareSources(plan: Plan, now: readonly Plan["labels"][number][], findings: Findings): void {
  const before = new Map(plan.labels.map(({ name, sha256 }) => [name, sha256]));
  for (const { name, sha256 } of now) {
    if (before.get(name) === sha256) continue;
    findings.add(
      "label",
      "sample list",
      before.has(name)
        ? `the ${name} has changed since the run began`
        : `the run did not take labels from the ${name}`,
    );
  }
}
