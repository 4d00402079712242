import type { z } from "zod";
import { UserError } from "../types.ts";
import { nearest } from "../nearest.ts";
import { checkComparison, comparisonMethod, withMethodSettings } from "./check_method.ts";
import { protocolProblems } from "./protocol_problems.ts";
import { ablationRows, guidanceTerms, type Pipeline, pipelineSchema } from "./schema.ts";

/** One thing that is wrong with a pipeline. */
export interface PipelineProblem {
  /** Where, from the root. */
  readonly path: readonly PropertyKey[];
  /** One sentence without the place. */
  readonly message: string;
}

/**
 * Checks plain values against the schema and the rules between its parts, and fills in the defaults.
 *
 * @param input What a YAML file or a program holds.
 * @param name The file, for the message.
 * @param lineOf The line of a path, where there is a file.
 *
 * @throws {UserError} With exit code 2 and every problem at once: path, line, what was found, the nearest valid key.
 */
export function checkPipeline(
  input: unknown,
  name: string,
  lineOf?: (path: readonly PropertyKey[]) => number | undefined,
): Pipeline {
  const { pipeline, problems } = examinePipeline(input);
  if (pipeline) return pipeline;
  throw problemsError(
    `the pipeline ${name}`,
    problems.map((problem) => ({ ...problem, line: lineOf?.(problem.path) })),
  );
}

/** The error that tells all problems of a file, in the order of their lines; `file` is that of problems that lie in another. */
export function problemsError(
  what: string,
  problems: readonly (PipelineProblem & { readonly file?: string; readonly line: number | undefined })[],
): UserError {
  const lines = [...problems].sort((a, b) =>
    (a.file ?? "").localeCompare(b.file ?? "") || (a.line ?? 0) - (b.line ?? 0)
  ).map(({ file, path, message, line }) => {
    const where = [...file ? [file] : [], ...line === undefined ? [] : [`line ${line}`]].join(", ");
    return `  ${where ? `${where}: ` : ""}${path.join(".") || "(the whole file)"}: ${message}`;
  });
  const many = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  return new UserError(`Cannot use ${what}: ${many}.\n${lines.join("\n")}`, 2);
}

/** A pipeline with its defaults, or all that is wrong with it. */
export function examinePipeline(input: unknown): { pipeline?: Pipeline; problems: PipelineProblem[] } {
  const parsed = pipelineSchema.safeParse(input);
  const problems = parsed.success
    ? ruleProblems(parsed.data)
    : schemaProblems(parsed.error, input, pipelineSchema);
  const definition = parsed.success ? comparisonMethod(parsed.data.method) : undefined;
  const settings = definition?.settings.safeParse(parsed.data?.methodSettings ?? {});
  if (settings?.error && definition) {
    const found = schemaProblems(settings.error, parsed.data?.methodSettings ?? {}, definition.settings);
    problems.push(...found.map(({ path, message }) => ({ path: ["methodSettings", ...path], message })));
  }
  if (!parsed.success || problems.length > 0) return { problems };
  return {
    pipeline: settings?.data ? withMethodSettings(parsed.data, settings.data) : parsed.data,
    problems,
  };
}

/** What a schema has against a value, in words, with the nearest valid key. */
export function schemaProblems(error: z.ZodError, input: unknown, schema: z.ZodType): PipelineProblem[] {
  return error.issues.flatMap((issue): PipelineProblem[] => {
    if (issue.code === "unrecognized_keys") {
      const known = knownKeys(schema, issue.path);
      return issue.keys.map((key) => ({
        path: [...issue.path, key],
        message: `unknown key${nearest(key, known)}`,
      }));
    }
    const found = valueAt(input, issue.path);
    if (issue.code === "invalid_value") {
      const values = issue.values.map(String);
      const hint = typeof found === "string" ? nearest(found, values) : "";
      return [{
        path: issue.path,
        message: found === undefined
          ? `is missing; one of ${values.join(", ")}`
          : `must be one of ${values.join(", ")}, found ${show(found)}${hint}`,
      }];
    }
    const message = issue.message.replace(/^(Invalid input|Too (small|big)): /, "").replace(
      /, received .*$/,
      "",
    );
    return [{
      path: issue.path,
      message: found === undefined ? `is missing; ${message}` : `${message}, found ${show(found)}`,
    }];
  });
}

/** What trains macro2micro; the settings of other methods are their own. */
const ownPaths = [["network"], ["losses", "classWeights"], ["stages"], ["sampling"], ["optimiser"]] as const;
/** What macro2micro makes of the frames; other methods read them as they are. */
const ownFramePaths = [["clip", "normalise"], ["clip", "reference"], ["clip", "augment"]] as const;
/** How frames are cut out, which flow images are not. */
const framePaths = [["clip", "frames"], ["clip", "size"], ["clip", "interpolation"]] as const;

/** The rules that a flat schema does not state. definePipeline's types refuse those of composition at compile time. */
function ruleProblems(p: Pipeline): PipelineProblem[] {
  const problems: PipelineProblem[] = [];
  const refuse = (path: PropertyKey[], message: string) => problems.push({ path, message });
  const terms = new Map(
    guidanceTerms.filter((term) => p.losses[term]).map((term) => [term, ["losses", term]]),
  );
  for (const row of p.rows ?? []) {
    for (const term of ablationRows[row].terms) {
      if (!p.losses[term]) {
        refuse(
          ["rows"],
          `the row ${row} has the term ${term}, which needs a weight: add losses.${term} ({} is the paper's)`,
        );
      }
      terms.set(term, terms.get(term) ?? ["rows"]);
    }
  }
  for (const [term, path] of terms) {
    if (p.method !== "macro2micro") {
      refuse(path, `${term} is a term of macro2micro; ${p.method} has no such term`);
    } else if (!p.macro) refuse(path, `${term} needs macro-expressions to be guided by: add the key macro`);
    if (p.network.streams === "spatial" && (term === "relation" || term === "temporal")) {
      refuse(path, `${term} needs the temporal stream: set network.streams to both or temporal`);
    }
    if (p.network.streams === "temporal" && term === "spatial") {
      refuse(path, `${term} needs the spatial stream: set network.streams to both or spatial`);
    }
  }
  if (p.stages.micro.start === "macro" && !p.macro) {
    refuse(["stages", "micro", "start"], "macro needs macro-expressions to begin from: add the key macro");
  }
  checkComparison(p, refuse);
  if (comparisonMethod(p.method)) {
    const defaults = pipelineSchema.parse({ name: "defaults", micro: { databases: ["smic"] } });
    const refuseIfGiven = (paths: readonly (readonly string[])[], message: string) => {
      for (const path of paths) {
        if (JSON.stringify(valueAt(p, path)) === JSON.stringify(valueAt(defaults, path))) continue;
        refuse([...path], message);
      }
    };
    refuseIfGiven(ownPaths, `belongs to macro2micro; ${p.method} has methodSettings`);
    if (p.flow) {
      refuseIfGiven([...framePaths, ...ownFramePaths], "has no use: flow images are read as they are");
    } else refuseIfGiven(ownFramePaths, `belongs to macro2micro; ${p.method} reads the frames as they are`);
  }
  if (p.method === "macro2micro" && p.flow) refuse(["flow"], "macro2micro reads frames: leave the key out");
  const { intervals } = p.network;
  const longest = 2 ** (intervals.count - 1);
  if (terms.has("relation") && intervals.count < 2) {
    refuse(["network", "intervals", "count"], "relation needs two intervals or more to tell apart, found 1");
  }
  if (p.method === "macro2micro" && longest >= p.clip.frames) {
    refuse(
      ["network", "intervals", "count"],
      `the longest interval 2^(${intervals.count}-1) = ${longest} must be shorter than the clip of ${p.clip.frames} frames`,
    );
  }
  if (intervals.kind === "sequence") {
    const k = intervals.sequenceLength;
    if (k === undefined) refuse(["network", "intervals", "sequenceLength"], "is missing; sequence needs it");
    else if ((k - 1) * longest >= p.clip.frames) {
      refuse(
        ["network", "intervals", "sequenceLength"],
        `(K-1) 2^(s_c-1) = ${
          (k - 1) * longest
        } must be below the clip's ${p.clip.frames} frames, found K = ${k}`,
      );
    }
  }
  for (const name of [...p.micro.databases, ...p.macro?.databases ?? []]) {
    if (p.synthetic?.subjects[name] === 0) {
      refuse(["synthetic", "subjects", name], `is 0, but the pipeline reads ${name}: give it subjects`);
    }
  }
  for (const { path, message } of protocolProblems(p, (input) => examinePipeline(input).problems)) {
    refuse([...path], message);
  }
  if (p.micro.databases.length > 1 && p.micro.classes !== "composite") {
    refuse(
      ["micro", "classes"],
      `several databases share only the classes composite, found ${show(p.micro.classes)}`,
    );
  }
  for (
    const [path, list] of [
      [["micro", "databases"], p.micro.databases],
      [["macro", "databases"], p.macro?.databases ?? []],
      [["seeds"], p.seeds],
      [["rows"], p.rows ?? []],
    ] as const
  ) {
    if (new Set<unknown>(list).size < list.length) {
      refuse([...path], `names something twice: ${list.join(", ")}`);
    }
  }
  if (p.macro?.labelMaps && p.macro.labelMaps.length !== p.macro.databases.length) {
    refuse(
      ["macro", "labelMaps"],
      `needs one file for each of ${p.macro.databases.join(", ")}, found ${p.macro.labelMaps.length}`,
    );
  }
  if (
    p.network.pretrained && (p.network.width !== 64 || p.network.stem !== "imagenet" || p.clip.channels !== 3)
  ) {
    refuse(["network", "pretrained"], "fits only width 64, stem imagenet and 3 channels");
  }
  return problems;
}

/** The keys that a schema knows at a path. */
function knownKeys(root: z.ZodType, path: readonly PropertyKey[]): string[] {
  let schema = root;
  for (const key of ["", ...path]) {
    if (key !== "") {
      const { element } = schema.def as { element?: z.ZodType };
      schema = element ?? (schema as z.ZodObject).shape[key as string] as z.ZodType;
    }
    while ("innerType" in schema.def) schema = schema.def.innerType as z.ZodType;
  }
  return Object.keys((schema as z.ZodObject).shape);
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce(
    (v: unknown, key) => (v as Record<PropertyKey, unknown> | null | undefined)?.[key],
    value,
  );
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
