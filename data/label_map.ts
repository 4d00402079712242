import { parse } from "@std/yaml";
import { type LabelledSample, type Sample, UserError } from "../types.ts";
import { readPackaged } from "./_files.ts";
import { decodeText } from "./_table.ts";

/** How the labels of one database become the classes of a task. */
export interface LabelMap {
  /** The database whose labels it maps. */
  readonly from: string;
  /** The task or label set that it maps onto. */
  readonly to: string;
  /** The task's classes by index. */
  readonly classes: readonly string[];
  /** For every label its class, or `null` for none, and why. */
  readonly labels: Readonly<Record<string, { readonly class: string | null; readonly reason: string }>>;
}

/**
 * The maps of the package from macro to micro databases, as `from-to-onto`: pass one of these names to `readLabelMap`.
 *
 * @example
 * ```ts
 * import { labelMapNames } from "@macro2micro/mer/data";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(labelMapNames.includes("ckplus-to-composite"), true);
 * ```
 */
export const labelMapNames = [
  "ckplus-to-casme2",
  "ckplus-to-composite",
  "ckplus-to-samm",
  "ckplus-to-smic",
  "mmi-to-casme2",
  "mmi-to-composite",
  "mmi-to-samm",
  "mmi-to-smic",
] as const;

/**
 * The class sets of the package, maps of a micro database onto itself: CASME II in five classes (246, 247 or 249 clips, as its table's
 * edition has them), SAMM in five (136), SMIC in three.
 *
 * @example
 * ```ts
 * import { classSetNames, readLabelMap } from "@macro2micro/mer/data";
 * import { assertEquals } from "@std/assert";
 *
 * const sets = await Promise.all(classSetNames.map(readLabelMap));
 * assertEquals(sets.map((set) => set.classes.length), [5, 5, 3]);
 * ```
 */
export const classSetNames = ["casme2-5", "samm-5", "smic-3"] as const;

/**
 * Reads a reviewed label map: YAML with `from`, `to`, `classes`, and for every label its `class` (or null) and a `reason`.
 *
 * @param file A name of `labelMapNames` or `classSetNames`, or the path of a file of your own.
 * @throws {UserError} naming what is missing, unknown, or without a reason.
 *
 * @example
 * ```ts
 * import { readLabelMap } from "@macro2micro/mer/data";
 * import { assertEquals } from "@std/assert";
 *
 * const map = await readLabelMap("ckplus-to-composite");
 * assertEquals(map.labels["happy"]?.class, "positive");
 * ```
 */
export async function readLabelMap(file: string | URL): Promise<LabelMap> {
  const own = (names: readonly string[], folder: string) =>
    names.some((name) => name === file) ? new URL(`./${folder}/${file}.yaml`, import.meta.url) : undefined;
  const source = own(labelMapNames, "label_maps") ?? own(classSetNames, "class_sets") ?? file;
  const bytes = await readPackaged(source, "label map");
  const refuse = (why: string) => new UserError(`Cannot read the label map ${file}: ${why}`);
  let tree: unknown;
  try {
    tree = parse(bytes.length === 0 ? "" : decodeText(bytes));
  } catch (error) {
    throw refuse(`it is not YAML (${(error as Error).message.split("\n")[0]}); correct it`);
  }
  if (!isRecord(tree)) {
    throw refuse("it must have from, to, classes and labels; see data/label_maps for an example");
  }
  const odd = Object.keys(tree).find((key) => !["from", "to", "classes", "labels"].includes(key));
  if (odd !== undefined) throw refuse(`it has the unknown key ${odd}; known are from, to, classes, labels`);
  const { from, to, classes, labels } = tree;
  if (typeof from !== "string" || typeof to !== "string") throw refuse("from and to must be names");
  if (
    !Array.isArray(classes) || classes.length === 0 ||
    !classes.every((name) => typeof name === "string" && name !== "")
  ) {
    throw refuse("classes must be a list of names");
  }
  if (new Set(classes).size !== classes.length) throw refuse("a class comes twice in classes");
  if (!isRecord(labels) || Object.keys(labels).length === 0) {
    throw refuse("labels must name every label of the database");
  }
  for (const [label, entry] of Object.entries(labels)) {
    if (!isRecord(entry) || !("class" in entry)) throw refuse(`label ${label} has no class (null for none)`);
    if (entry["class"] !== null && !classes.includes(entry["class"])) {
      throw refuse(`label ${label} has the class ${entry["class"]}, which is none of ${classes.join(", ")}`);
    }
    if (typeof entry["reason"] !== "string" || entry["reason"].trim() === "") {
      throw refuse(`label ${label} has no reason`);
    }
  }
  return { from, to, classes, labels: labels as LabelMap["labels"] };
}

/** What a label map makes of samples. */
export interface MappedSamples {
  /** Samples whose label has a class, with its index in the task's classes. */
  readonly samples: LabelledSample[];
  /** How many samples of each label have no class and were left out. */
  readonly dropped: Record<string, number>;
}

/**
 * Gives samples the classes of a task. Labels without a counterpart are dropped and counted; a label that the map does not
 * name is refused, so that none is dropped by oversight.
 *
 * @param samples Samples of the map's database.
 * @param map
 * @param classes The task's classes by index; a class of the map that the task lacks is refused. @default the map's own
 * @throws {UserError} if a sample is of another database, or its label or class is unknown.
 *
 * @example
 * ```ts
 * import { applyLabelMap, readLabelMap } from "@macro2micro/mer/data";
 * import { assertEquals } from "@std/assert";
 *
 * const map = await readLabelMap("ckplus-to-casme2");
 * const sample = {
 *   database: "ckplus", subject: "S005", clip: "S005_001", source: { kind: "images", files: [] },
 *   onset: 0, apex: 0, offset: 0, apexOrigin: "coded", fps: 30,
 * } as const;
 * const { samples, dropped } = applyLabelMap([{ ...sample, label: "disgust" }, { ...sample, label: "anger" }], map);
 * assertEquals(samples.map(({ classIndex }) => map.classes[classIndex]), ["disgust"]);
 * assertEquals(dropped, { anger: 1 });
 * ```
 */
export function applyLabelMap(
  samples: readonly Sample[],
  map: LabelMap,
  classes: readonly string[] = map.classes,
): MappedSamples {
  const dropped: Record<string, number> = {};
  const labelled = samples.flatMap((sample): LabelledSample[] => {
    const name = `${sample.database}/${sample.subject}/${sample.clip}`;
    if (sample.database !== map.from) {
      throw new UserError(
        `Cannot map the label of ${name}: the label map is for ${map.from}; name the map for ${sample.database}`,
      );
    }
    const entry = Object.hasOwn(map.labels, sample.label) ? map.labels[sample.label] : undefined;
    if (entry === undefined) {
      const known = Object.keys(map.labels).join(", ");
      throw new UserError(
        `Cannot map the label of ${name}: "${sample.label}" is not in the map from ${map.from} to ${map.to} (${known}); add it`,
      );
    }
    if (entry.class === null) {
      dropped[sample.label] = (dropped[sample.label] ?? 0) + 1;
      return [];
    }
    const classIndex = classes.indexOf(entry.class);
    if (classIndex < 0) {
      throw new UserError(
        `Cannot map the label of ${name}: class ${entry.class} is none of the task's ${
          classes.join(", ")
        }; name another map`,
      );
    }
    return [{ ...sample, classIndex }];
  });
  return { samples: labelled, dropped };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
