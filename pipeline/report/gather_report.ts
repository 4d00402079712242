import {
  oftenWrong,
  type ReportFeatures,
  type ReportHistory,
  type ReportPicture,
  type ReportRow,
  type ReportRun,
} from "../../eval/report/mod.ts";
import { type Fold, type Prediction, UserError } from "../../types.ts";
import { innerSettings } from "../inner_settings.ts";
import { type Insight, readInsights } from "../insight.ts";
import type { PeekedRow } from "../peek.ts";
import type { Plan } from "../plan.ts";
import type { Selection } from "../selection.ts";
import { publishedTask } from "../published_task.ts";
import { pipelineRows, rowTitle } from "../rows.ts";
import {
  exists,
  foldFolder,
  insightFile,
  macroFolder,
  macroInsightFile,
  peekedFile,
  planFile,
  readFold,
  selectionFile,
  timingFile,
} from "../run_folder.ts";
import { clipName, picturesOf } from "./_pictures.ts";
import { readHistory } from "./_read_history.ts";
import { factsOf, licencesOf, marksOf, protocolText, type RunFacts, settingsOf, yamlOf } from "./_words.ts";

/** How a run is gathered. */
export interface GatherOptions {
  /** Whether the frames of the clips most often wrong are shown. @default false */
  readonly faces?: boolean;
  /** What the run is called on the page. @default the pipeline's name */
  readonly name?: string;
}

/** How many clips the report shows pictures of. */
const pictured = 12;

/**
 * Everything that a report shows of a run, from its folder alone. Folds that are missing are left out and counted.
 *
 * @throws {UserError} If the folder holds no run, no fold is done, or a file is damaged.
 */
export async function gatherReport(run: string, options: GatherOptions = {}): Promise<ReportRun> {
  const { faces = false, name } = options;
  const plan = await readJson<Plan>(planFile(run), run);
  const facts = await readJson<RunFacts>(`${run}/run.json`, run);
  const { pipeline, classes } = plan;
  const { seeds } = pipeline;
  const rows = pipelineRows(pipeline);
  const done = await doneFolds(run, plan);
  const planned = plan.folds.length * seeds.length, finished = done.length;
  if (finished === 0) {
    throw new UserError(`Cannot report ${run}: no fold is done yet; go on with m2m run and --resume.`);
  }
  const entries = rows.flatMap((row) =>
    seeds.flatMap((seed): ReportRow[] => {
      const predictions = done.filter((d) => d.seed === seed).flatMap((d) => d.rows[row.name] ?? []);
      return predictions.length === 0 ? [] : [{
        row: row.name,
        title: rowTitle(pipeline, row),
        seed,
        predictions,
      }];
    })
  );
  const top = entries.find(({ row }) => row === entries.at(-1)?.row) as ReportRow;
  const insights = await insightsOf(run, done, top);
  const chosen = new Set(oftenWrong(entries, classes.length, pictured).map(({ name }) => name));
  const below = await picturesOf(plan, chosen, faces);
  const pictures = new Map<string, ReportPicture>();
  for (const { prediction, insight } of insights) {
    const clip = clipName(prediction);
    if (!chosen.has(clip)) continue;
    const { apex, frames } = insight;
    pictures.set(clip, { ...(apex ? { apex } : {}), ...(frames ? { frames } : {}), ...below.get(clip) });
  }
  const peeked = plan.peek ? { peeked: await peekedRows(run, done, entries) } : {};
  const task = publishedTask(pipeline);
  const folds = { done: finished, planned };
  return {
    name: name ?? pipeline.name,
    ...(pipeline.description === undefined ? {} : { description: pipeline.description }),
    marks: marksOf(plan, folds, (facts.command ?? []).includes("--small")),
    classes,
    protocol: protocolText(plan, seeds),
    folds,
    rows: entries,
    ...peeked,
    histories: await historiesOf(run, plan, done),
    intervals: pipeline.network.intervals.count,
    features: await featuresOf(run, plan, top, insights),
    pictures,
    faces: faces && [...below.values()].some(({ imageOf }) => imageOf === "apex frame"),
    facts: factsOf(plan, facts, await secondsOf(run, plan, done), await chosenSettings(run, done, plan)),
    yaml: yamlOf(pipeline),
    settings: settingsOf(pipeline),
    licences: licencesOf(plan),
    ...(task === undefined ? {} : { task }),
  };
}

interface DoneFold {
  readonly seed: number;
  readonly fold: Fold;
  readonly rows: Readonly<Record<string, readonly Prediction[]>>;
}

async function doneFolds(run: string, plan: Plan): Promise<DoneFold[]> {
  const found = await Promise.all(
    plan.pipeline.seeds.flatMap((seed) =>
      plan.folds.map(async (fold) => {
        const result = await readFold(run, seed, fold.name);
        return result === undefined ? [] : [{ seed, fold, rows: result.rows }];
      })
    ),
  );
  return found.flat();
}

async function readJson<T>(file: string, run: string): Promise<T> {
  const text = await Deno.readTextFile(file).catch((error) => {
    throw new UserError(
      error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory
        ? `Cannot report ${run}: there is no ${file}; name the folder of a run.`
        : `Cannot read ${file}: ${error.message}.`,
    );
  });
  try {
    return JSON.parse(text);
  } catch {
    throw new UserError(`Cannot report ${run}: ${file} is damaged; run again with --resume.`);
  }
}

/** What the folds left of the row and seed at the top, clip by clip. */
async function insightsOf(
  run: string,
  done: readonly DoneFold[],
  top: ReportRow,
): Promise<{ prediction: Prediction; insight: Insight }[]> {
  const parts = await Promise.all(
    done.filter(({ seed }) => seed === top.seed).map(async ({ seed, fold, rows }) => {
      const insights = await readInsightFile(insightFile(foldFolder(run, seed, fold.name), top.row));
      return (rows[top.row] ?? []).flatMap((prediction, i) => {
        const insight = insights[i];
        return insight === undefined ? [] : [{ prediction, insight }];
      });
    }),
  );
  return parts.flat();
}

async function readInsightFile(file: string): Promise<Insight[]> {
  const bytes = await Deno.readFile(file).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return undefined; // a method without insights
    throw new UserError(`Cannot read ${file}: ${error.message}.`);
  });
  return bytes === undefined ? [] : readInsights(bytes, file);
}

async function featuresOf(
  run: string,
  plan: Plan,
  top: ReportRow,
  insights: readonly { prediction: Prediction; insight: Insight }[],
): Promise<ReportFeatures[]> {
  const micro = (group: "before" | "after", part: "before" | "z") =>
    insights.flatMap(({ prediction, insight }): ReportFeatures[] => {
      const z = insight[part], { database, subject, truth } = prediction;
      const name = clipName(prediction);
      return z ? [{ group, z, name, subject: `${database}/${subject}`, classIndex: truth }] : [];
    });
  const features = [...micro("before", "before"), ...micro("after", "z")];
  const size = features[0]?.z.length;
  const macro = await readInsightFile(macroInsightFile(run, top.seed));
  return [
    ...features,
    ...plan.macro.flatMap((clip, i): ReportFeatures[] => {
      const z = macro[i]?.z;
      return z && z.length === size
        ? [{
          group: "macro",
          z,
          name: clipName(clip),
          subject: `${clip.database}/${clip.subject}`,
          classIndex: clip.classIndex,
        }]
        : [];
    }),
  ];
}

/** Every fold's history of every row, and MaNet's of every seed. */
async function historiesOf(run: string, plan: Plan, done: readonly DoneFold[]): Promise<ReportHistory[]> {
  const shared = plan.pipeline.seeds.map(async (seed) => ({
    row: "",
    lines: await readHistory(`${macroFolder(run, seed)}/history.csv`),
  }));
  const own = done.flatMap(({ seed, fold, rows }) =>
    Object.keys(rows).map(async (row) => ({
      row,
      lines: await readHistory(`${foldFolder(run, seed, fold.name)}/history-${row}.csv`),
    }))
  );
  return (await Promise.all([...shared, ...own])).filter(({ lines }) => lines.length > 0);
}

async function peekedRows(
  run: string,
  done: readonly DoneFold[],
  entries: readonly ReportRow[],
): Promise<ReportRow[]> {
  const folds = await Promise.all(done.map(async ({ seed, fold }) => {
    const file = `${foldFolder(run, seed, fold.name)}/${peekedFile}`;
    return { seed, rows: (await readJson<{ PEEKED: Record<string, PeekedRow> }>(file, run)).PEEKED };
  }));
  return entries.map(({ row, title, seed }) => ({
    row,
    title,
    seed,
    predictions: folds.filter((fold) => fold.seed === seed).flatMap((fold) =>
      fold.rows[row]?.predictions ?? []
    ),
  }));
}

/** What MaNet and all folds took together, where every one of them says so. */
async function secondsOf(run: string, plan: Plan, done: readonly DoneFold[]): Promise<number | undefined> {
  const folders = [
    ...(plan.macro.length > 0 ? plan.pipeline.seeds.map((seed) => macroFolder(run, seed)) : []),
    ...done.map(({ seed, fold }) => foldFolder(run, seed, fold.name)),
  ];
  let sum = 0;
  for (const folder of folders) {
    const file = `${folder}/${timingFile}`;
    if (!(await exists(file))) return undefined; // of a version that did not keep it, or not done yet
    sum += (await readJson<{ seconds: number }>(file, run)).seconds;
  }
  return sum;
}

/** How many folds chose which settings, under `selection: inner`. */
async function chosenSettings(
  run: string,
  done: readonly DoneFold[],
  plan: Plan,
): Promise<string | undefined> {
  if (plan.pipeline.selection !== "inner") return undefined;
  const names = innerSettings(plan.pipeline).map(({ name }) => name);
  const chosen = await Promise.all(done.map(async ({ seed, fold }) => {
    const file = `${foldFolder(run, seed, fold.name)}/${selectionFile}`;
    return names[(await readJson<Selection>(file, run)).chosen];
  }));
  return names.map((name) => `${name} in ${chosen.filter((own) => own === name).length} folds`).join(", ");
}
