import { nearest } from "../nearest.ts";
import { comparisonMethod } from "./check_method.ts";
import type { PipelineProblem } from "./check_pipeline.ts";
import { methodOfPipeline } from "./features.ts";
import { innerSettings, type InnerValue, withChanges } from "./inner_settings.ts";
import { innerPaths } from "./protocol_schema.ts";
import type { Pipeline } from "./schema.ts";

/** Settings more than these take longer than anybody meant. */
const mostSettings = 64;

/**
 * What is wrong with a pipeline's protocol, identities and inner selection.
 *
 * @param settingProblems What the schema says against a whole pipeline: every value of a grid is checked as if it stood in the file.
 */
export function protocolProblems(
  p: Pipeline,
  settingProblems: (pipeline: unknown) => PipelineProblem[],
): PipelineProblem[] {
  return [...protocol(p), ...identities(p), ...inner(p, settingProblems)];
}

function protocol(p: Pipeline): PipelineProblem[] {
  const { databases } = p.micro;
  const problems: PipelineProblem[] = [];
  const refuse = (path: PropertyKey[], message: string) => problems.push({ path, message });
  if (p.protocol === "loso" && databases.length > 1) {
    refuse(["protocol"], "loso takes one database; use cde for several");
  }
  if (p.protocol === "hde" && databases.length < 2) {
    refuse(["protocol"], "hde needs two databases or more, found one");
  }
  if (p.hde && p.protocol !== "hde") refuse(["hde"], `belongs to the protocol hde, found ${p.protocol}`);
  const tested = new Set<string>();
  for (const [i, { train, test }] of (p.hde?.directions ?? []).entries()) {
    const path = ["hde", "directions", i];
    for (const [name, at] of [...train.map((name, k) => [name, ["train", k]]), [test, ["test"]]] as const) {
      if (!(databases as readonly string[]).includes(name as string)) {
        refuse(
          [...path, ...at],
          `must be one of micro.databases, found "${name}"${nearest(name as string, databases)}`,
        );
      }
    }
    if (new Set(train).size < train.length) refuse([...path, "train"], `names a database twice`);
    if (train.includes(test)) refuse([...path, "test"], `${test} is trained on in the same direction`);
    if (tested.has(test)) refuse([...path, "test"], `${test} is tested in another direction already`);
    tested.add(test);
  }
  return problems;
}

function identities(p: Pipeline): PipelineProblem[] {
  const databases: string[] = [...p.micro.databases, ...p.macro?.databases ?? []];
  const seen = new Set<string>();
  return (p.identities ?? []).flatMap((group, i) =>
    group.flatMap((subject, k): PipelineProblem[] => {
      const path = ["identities", i, k];
      const database = subject.slice(0, subject.indexOf("/"));
      const again = seen.has(subject);
      seen.add(subject);
      if (again) return [{ path, message: `${subject} stands in identities twice` }];
      if (databases.includes(database)) return [];
      return [{
        path,
        message: `the pipeline reads no database ${database}${nearest(database, databases)}`,
      }];
    })
  );
}

function inner(p: Pipeline, settingProblems: (pipeline: unknown) => PipelineProblem[]): PipelineProblem[] {
  const { inner } = p;
  if (p.selection === "none") {
    return inner ? [{ path: ["inner"], message: "is used by selection: inner alone; add that key" }] : [];
  }
  if (!inner) return [{ path: ["inner"], message: "is missing; selection: inner needs the settings to try" }];
  const problems: PipelineProblem[] = [];
  const refuse = (path: PropertyKey[], message: string) =>
    problems.push({ path: ["inner", ...path], message });
  if ((inner.grid === undefined) === (inner.settings === undefined)) {
    refuse([], `must have grid or settings, found ${inner.grid ? "both" : "neither"}`);
  }
  if (inner.splits !== undefined && inner.subjectsOut !== undefined) {
    refuse(["subjectsOut"], "is given beside splits; leave one of the two out");
  }
  const tried: [PropertyKey[], string, InnerValue][] = [
    ...Object.entries(inner.grid ?? {}).flatMap(([path, values]) =>
      values.map((value, i): [PropertyKey[], string, InnerValue] => [["grid", path, i], path, value])
    ),
    ...(inner.settings ?? []).flatMap((setting, i) =>
      Object.entries(setting).map(([path, value]): [PropertyKey[], string, InnerValue] => [
        ["settings", i, path],
        path,
        value,
      ])
    ),
  ];
  const refused = new Set<string>();
  /** Once for a path of the grid, not for each of its values. */
  const refusePath = (at: PropertyKey[], path: string, message: string) => {
    if (!refused.has(path)) refuse(inner.grid ? at.slice(0, 2) : at, message);
    refused.add(path);
  };
  for (const [at, path, value] of tried) {
    const ofMethod = path.startsWith("methodSettings.") && comparisonMethod(p.method) !== undefined;
    if (!ofMethod && !(innerPaths as readonly string[]).includes(path)) {
      refusePath(
        at,
        path,
        `is no setting that a fold can choose${nearest(path, innerPaths)}; ${outside(path)}`,
      );
      continue;
    }
    const term = /^losses\.(spatial|relation|temporal|contrastive)\./.exec(path)?.[1];
    if (term && !p.losses[term as "spatial"]) {
      refusePath(at, path, `the pipeline has no term ${term}: add the key losses.${term}`);
      continue;
    }
    if (p.method !== "macro2micro" && /^stages\.guided|^losses\.reversal|^stages\.micro\.start/.test(path)) {
      refusePath(at, path, `belongs to macro2micro, not ${p.method}`);
      continue;
    }
    if (ofMethod !== (comparisonMethod(p.method) !== undefined)) {
      refusePath(at, path, `belongs to macro2micro; ${p.method} has methodSettings`);
      continue;
    }
    const bare = new Set(settingProblems(withChanges(p, {})).map(text));
    for (const problem of settingProblems(withChanges(p, { [path]: value }))) {
      if (!bare.has(text(problem))) refuse(at, problem.message);
    }
    if (ofMethod && problems.length === 0 && changesFeatures(p, { [path]: value })) {
      refusePath(at, path, "changes the features, which are made once for all folds and settings");
    }
  }
  if (problems.length > 0) return problems;
  const settings = innerSettings(p);
  if (settings.length < 2) refuse(["grid"], "has one setting: there is nothing to choose");
  if (settings.length > mostSettings) {
    refuse(["grid"], `has ${settings.length} settings; ${mostSettings} are the most`);
  }
  if (new Set(settings.map((setting) => setting.name)).size < settings.length) {
    refuse([inner.grid ? "grid" : "settings"], "tries a setting twice");
  }
  return problems;
}

/** Whether a comparison method would describe clips in another way. */
function changesFeatures(p: Pipeline, changes: Record<string, InnerValue>): boolean {
  const described = (pipeline: Pipeline) => JSON.stringify(methodOfPipeline(pipeline, 1).method.describedBy);
  return described(withChanges(p, changes)) !== described(withChanges(p, {}));
}

/** Why a path is not among those that an inner selection may change. */
function outside(path: string): string {
  if (path.startsWith("stages.macro") || path.startsWith("network") || path.startsWith("clip")) {
    return "MaNet and the cached clips are shared by all folds and settings";
  }
  return "docs/pipeline.md lists them";
}

function text({ path, message }: PipelineProblem): string {
  return JSON.stringify([path, message]);
}
