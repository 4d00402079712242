import { stringify } from "@std/yaml";
import type { ReportMark } from "../../eval/report/mod.ts";
import type { Plan } from "../plan.ts";
import { duration } from "../progress/duration.ts";
import type { Pipeline } from "../schema.ts";

/** What of run.json a report shows. */
export interface RunFacts {
  readonly engine?: string;
  readonly threadsPerFold?: number;
  readonly versions?: Readonly<Record<string, string>>;
  readonly command?: readonly string[];
}

const titles: Readonly<Record<string, string>> = {
  casme2: "CASME II",
  smic: "SMIC",
  samm: "SAMM",
  ckplus: "CK+",
  mmi: "MMI",
};

/** What a reader must know before any figure. */
export function marksOf(plan: Plan, folds: { done: number; planned: number }, small: boolean): ReportMark[] {
  const { pipeline } = plan;
  const marks: ReportMark[] = [];
  if (folds.done < folds.planned) {
    marks.push({
      kind: "incomplete",
      text: `${folds.done} of ${folds.planned} folds are done; every figure is of these alone.`,
    });
  }
  if (plan.peek) {
    marks.push({
      kind: "peeked",
      text:
        "this run looked at the test clips after every epoch (--peek) to measure how much choosing the best of them inflates.",
    });
  }
  if (pipeline.shuffleLabels) {
    marks.push({
      kind: "shuffled",
      text: "the training labels were shuffled; a score above chance would be a defect.",
    });
  }
  if (small) {
    marks.push({ kind: "small", text: "The pipeline was shrunk with --small: its figures mean nothing." });
  }
  if (pipeline.synthetic) {
    marks.push({
      kind: "synthetic",
      text: "The databases are synthetic look-alikes: the figures say nothing about real faces.",
    });
  }
  return marks;
}

/** How the run was evaluated, a sentence. */
export function protocolText(plan: Plan, seeds: readonly number[]): string {
  const { pipeline, folds, micro, classes } = plan;
  const databases = [...new Set(micro.map(({ database }) => database))].map((name) => titles[name] ?? name);
  const name = {
    cde: `Composite evaluation over ${listed(databases)}`,
    hde: `Holdout-database evaluation over ${listed(databases)}`,
    loso: `Leave one subject out on ${listed(databases)}`,
  }[pipeline.protocol];
  const held = pipeline.protocol === "hde"
    ? "each tests a database that its training has not seen"
    : "each tests one subject, whom its training has not seen";
  return `${name}: ${micro.length} clips in ${classes.length} classes, ${folds.length} folds, ${held}; predictions of the last step, pooled over folds; ${
    seeds.length === 1 ? `seed ${seeds[0]}` : `seeds ${seeds.join(", ")}`
  }.`;
}

/** Engine, versions, command and time. */
export function factsOf(
  plan: Plan,
  facts: RunFacts,
  seconds: number | undefined,
  chosen: string | undefined,
): (readonly [string, string])[] {
  const { versions = {}, command = [], threadsPerFold } = facts;
  return [
    ["method", plan.pipeline.method],
    ["engine", `${plan.engine}, ${threadsPerFold ?? plan.pipeline.threadsPerFold} thread(s) a fold`],
    ["versions", Object.entries(versions).map(([name, version]) => `${name} ${version}`).join(", ")],
    ...(command.length > 0 ? [["command", commandText(command)] as const] : []),
    ...(chosen === undefined ? [] : [["settings chosen on inner splits", chosen] as const]),
    ...(seconds === undefined
      ? []
      : [["time", `${duration(seconds)} of work in MaNet and all folds, one after the other`] as const]),
  ];
}

/** The command as it was typed; of absolute paths only the last part, since a page may travel. */
function commandText(command: readonly string[]): string {
  const short = (part: string) =>
    /^(\/|[A-Za-z]:[\\/])/.test(part) ? `…/${part.split(/[\\/]/).at(-1)}` : part;
  return command.map((part) => {
    const [, option, path] = /^(--[\w-]+=)(.*)$/s.exec(part) ?? [];
    const shown = option === undefined ? short(part) : option + short(path ?? "");
    return /[\s"']/.test(shown) ? JSON.stringify(shown) : shown;
  }).join(" ");
}

/** The pipeline with every default, as YAML. */
export function yamlOf({ $schema: _, ...pipeline }: Pipeline): string {
  return stringify(JSON.parse(JSON.stringify(pipeline))).trimEnd(); // without what is undefined
}

/** The leaves of the pipeline: path and value. */
export function settingsOf({ $schema: _, ...pipeline }: Pipeline): [string, string][] {
  const leaves = (value: unknown, path: string): [string, string][] => {
    if (typeof value !== "object" || value === null) return [[path, String(value)]];
    const entries = Object.entries(value);
    if (Array.isArray(value) && value.every((x) => typeof x !== "object")) return [[path, value.join(", ")]];
    return entries.flatMap(([key, x]) =>
      x === undefined ? [] : leaves(x, path === "" ? key : `${path}.${key}`)
    );
  };
  return leaves(pipeline, "");
}

/** What the licences of the databases mean for the page. */
export function licencesOf(plan: Plan): string[] {
  if (plan.pipeline.synthetic) {
    return [
      "The databases of this run are synthetic look-alikes made by this toolkit: no licence restricts them.",
    ];
  }
  const names = [
    ...new Set([...plan.micro, ...plan.macro].map(({ database }) => titles[database] ?? database)),
  ];
  return [
    `${listed(names)} ${
      names.length === 1
        ? "is given out under a licence of its owners, which restricts"
        : "are given out under licences of their owners, which restrict"
    } who may have the images and what may be shown of them. Look them up before you show this page to anybody who has not signed them.`,
  ];
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join() : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
