import {
  applyLabelMap,
  compositeClasses,
  readComposite,
  readCompositeList,
  readDatabase,
  readLabelMap,
} from "../data/mod.ts";
import {
  type DatabaseName,
  type DatabaseReading,
  type LabelledSample,
  type Problem,
  UserError,
} from "../types.ts";
import { exists } from "./run_folder.ts";
import type { Pipeline } from "./schema.ts";
import { sha256 } from "../sha256.ts";

/** What the databases on disk hold for a pipeline. */
export interface PipelineSamples {
  /** The micro-expressions with their classes. */
  readonly micro: readonly LabelledSample[];
  /** The macro-expressions with a counterpart among the classes. */
  readonly macro: readonly LabelledSample[];
  /** The class names. */
  readonly classes: readonly string[];
  /** What the classes of the clips were taken from. */
  readonly labels: readonly LabelSource[];
}

/** A list or map that labels come from, as it was when the plan was made. */
export interface LabelSource {
  /** What it is, in words. */
  readonly name: string;
  /** SHA-256 of what it says. */
  readonly sha256: string;
}

/** A label source by what it says. */
export function labelSource(name: string, content: unknown): LabelSource {
  return { name, sha256: sha256(new TextEncoder().encode(JSON.stringify(content))) };
}

/**
 * Reads the databases of a pipeline, tables and folders but no pixels, and maps their labels. Everything odd is said by name.
 *
 * @param root The folder of the databases.
 * @param say Hears what is found, a line at a time.
 * @throws {UserError} If a database, list or map is missing or wrong.
 */
export async function readSamples(
  pipeline: Pipeline,
  root: string,
  say: (line: string) => void,
): Promise<PipelineSamples> {
  const { micro, macro } = pipeline;
  const readings = new Map<DatabaseName, DatabaseReading>();
  for (const name of [...micro.databases, ...(macro?.databases ?? [])]) {
    const folder = `${root}/${name}`;
    if (!(await exists(folder))) {
      throw new UserError(
        `Cannot read ${name}: there is no folder ${folder}; put the database there or name its parent with --data (docs/databases.md).`,
      );
    }
    const reading = await readDatabase(name, folder);
    readings.set(name, reading);
    sayProblems(`${name} (${reading.edition}): ${reading.samples.length} clips`, reading.problems, say);
  }
  const of = (names: readonly DatabaseName[]) => names.map((name) => readings.get(name) as DatabaseReading);
  const { samples, classes, source } = await microSamples(pipeline, root, of(micro.databases), say);
  const macroSamples: LabelledSample[] = [];
  const labels = [source];
  for (const [i, reading] of of(macro?.databases ?? []).entries()) {
    const name = macro?.labelMaps?.[i] ?? `${reading.database}-to-${mapTarget(micro.classes)}`;
    const map = await readLabelMap(name);
    labels.push(labelSource(`label map ${name}`, map));
    const mapped = applyLabelMap(reading.samples, map, classes);
    macroSamples.push(...mapped.samples);
    const dropped = Object.entries(mapped.dropped).map(([label, n]) => `${label} ${n}`).join(", ");
    if (dropped) say(`${reading.database}: without a counterpart among the classes, left out: ${dropped}`);
  }
  if (macro && macroSamples.length === 0) {
    throw new UserError(
      `Cannot train MaNet: no clip of ${macro.databases.join(", ")} has a counterpart among the classes ${
        classes.join(", ")
      }.`,
    );
  }
  return { micro: samples, macro: macroSamples, classes, labels };
}

async function microSamples(
  pipeline: Pipeline,
  root: string,
  readings: readonly DatabaseReading[],
  say: (line: string) => void,
): Promise<{ samples: readonly LabelledSample[]; classes: readonly string[]; source: LabelSource }> {
  const { databases, classes, list } = pipeline.micro;
  if (classes === "composite") {
    const chosen = (await readCompositeList(`${root}/${list}`)).filter((entry) =>
      databases.includes(entry.database)
    );
    const composite = await readComposite(chosen, readings);
    sayProblems(
      `composite: ${composite.samples.length} of ${chosen.length} listed clips`,
      composite.problems,
      say,
    );
    return {
      samples: composite.samples,
      classes: compositeClasses,
      source: labelSource(`composite list ${list}`, chosen),
    };
  }
  const set = await readLabelMap(classes);
  const [reading] = readings;
  if (!reading || set.from !== reading.database) {
    throw new UserError(
      `Cannot use the class set ${classes}: it is for ${set.from}, the pipeline reads ${
        databases.join(", ")
      }.`,
      2,
    );
  }
  const mapped = applyLabelMap(reading.samples, set, set.classes);
  const dropped = Object.entries(mapped.dropped).map(([label, n]) => `${label} ${n}`).join(", ");
  if (dropped) say(`${reading.database}: outside the class set ${classes}, left out: ${dropped}`);
  return { samples: mapped.samples, classes: set.classes, source: labelSource(`class set ${classes}`, set) };
}

/** The label map's second name: the composite's own, or the database's whose classes are used. */
function mapTarget(classes: string): string {
  return classes === "composite" ? "composite" : classes.split("-")[0] as string;
}

/** A line about a reading; problems that left a clip out each with their own, the others counted. */
function sayProblems(head: string, problems: readonly Problem[], say: (line: string) => void): void {
  const dropped = problems.filter((p) => p.dropped);
  const others = problems.length - dropped.length;
  const kept = others === 1
    ? "1 oddity that leaves no clip out"
    : `${others} oddities that leave no clip out`;
  say(others > 0 ? `${head}; ${kept}` : head);
  for (const p of dropped) say(`  left out ${p.clip}: ${p.field} ${p.found}; ${p.remedy}`);
}
