/**
 * Throughput of folds with `--jobs 1` and `--jobs 2`: runs of the same four folds (a CDE, MaNet made before) in turns, from the first job's start to
 * the end of the last, processes and engines started included. Predictions are compared byte by byte, between both and from turn to turn.
 *   deno task deno run -A bench/pipeline/jobs.ts [--engine wasm|native] [--turns 2] [--steps 60] [--folder DIR]
 * `--folder` keeps data and MaNet for the next time, so that a measured run has nothing to prepare. The table and a JSON line go to standard output.
 */
import { parseArgs } from "@std/cli";
import { definePipeline, type Pipeline } from "../../pipeline/mod.ts";
import { median } from "../_median.ts";
import { startRun } from "./_run_command.ts";

const options = parseArgs(Deno.args, { string: ["engine", "turns", "steps", "folder"] });
const engine = (options.engine ?? "auto") as Pipeline["engine"];
const turns = Number(options.turns ?? 2), steps = Number(options.steps ?? 60);
const folder = String(options.folder ?? await Deno.makeTempDir({ prefix: "m2m jobs " }));

const pipeline = definePipeline({
  name: "jobs",
  micro: { databases: ["casme2", "smic"] },
  macro: { databases: ["ckplus"] },
  synthetic: {
    seed: 1,
    subjects: { casme2: 2, smic: 2, samm: 0, ckplus: 4, mmi: 0 },
    clipsPerSubject: 6,
    size: 64,
  },
  clip: { frames: 8, size: 48, channels: 1, augment: {} },
  network: { width: 16, intervals: { count: 3 } },
  losses: { spatial: {}, relation: {}, temporal: {}, contrastive: {} },
  stages: { macro: { steps: 2 }, micro: { steps: steps / 3 }, guided: { steps: steps * 2 / 3 } },
  protocol: "cde",
  rows: ["all"],
  engine,
});
await Deno.mkdir(folder, { recursive: true });
const file = `${folder}/jobs.yaml`;
await Deno.writeTextFile(file, JSON.stringify(pipeline)); // JSON is YAML

interface Turn {
  /** From the first start to the end. */
  readonly seconds: number;
  /** From a job's start to its first step, median. */
  readonly starting: number;
  readonly predictions: string;
}

/** One run of all folds, from the kept MaNet. */
async function turn(jobs: number): Promise<Turn> {
  const out = `${folder}/run`;
  await Deno.remove(out, { recursive: true }).catch(() => {});
  const before = `${folder}/macro-${engine}-${steps}`;
  const isMade = await Deno.stat(before).then(() => true, () => false);
  if (isMade) await copy(before, out);
  const child = startRun(file, {
    data: `${folder}/data`,
    cache: `${folder}/cache`,
    out,
    jobs,
    more: ["--progress", "json"],
  });
  const starts = new Map<string, number>(), starting: number[] = [];
  let began = 0, ended = 0, rest = "";
  for await (const piece of child.stderr.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + piece).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const { event, job } = line.startsWith("{") ? JSON.parse(line) : { event: line, job: "" };
      const now = performance.now();
      if (event === "start") starts.set(job, now);
      if (event === "start" && began === 0) began = now;
      if (event === "step" && starts.has(job)) {
        starting.push((now - (starts.get(job) as number)) / 1000);
        starts.delete(job);
      }
      if (event === "end") ended = now;
    }
  }
  await child.stdout.cancel();
  if (!(await child.status).success) throw new Error(`the run failed: ${rest}`);
  if (!isMade) {
    await Deno.mkdir(before);
    for (const name of ["run.json", "plan.json", "macro"]) await copy(`${out}/${name}`, `${before}/${name}`);
  }
  return {
    seconds: (ended - began) / 1000,
    starting: median(starting),
    predictions: await Deno.readTextFile(`${out}/predictions.csv`),
  };
}

async function copy(from: string, to: string): Promise<void> {
  if ((await Deno.stat(from)).isFile) return await Deno.copyFile(from, to);
  await Deno.mkdir(to, { recursive: true });
  for await (const { name } of Deno.readDir(from)) await copy(`${from}/${name}`, `${to}/${name}`);
}

const isReady = await Deno.stat(`${folder}/macro-${engine}-${steps}`).then(() => true, () => false);
if (!isReady) await turn(2); // data, cache and MaNet
if (turns > 0) {
  const all: Record<1 | 2, Turn[]> = { 1: [], 2: [] };
  for (let i = 0; i < turns; i++) for (const jobs of [1, 2] as const) all[jobs].push(await turn(jobs));
  const seconds = (jobs: 1 | 2) => median(all[jobs].map(({ seconds }) => seconds));
  const ratio = seconds(1) / seconds(2);
  console.log(
    "| jobs | seconds of each turn | folds a minute | a job's start to its first step, s |\n|---|---|---|---|",
  );
  for (const jobs of [1, 2] as const) {
    const each = all[jobs].map(({ seconds }) => seconds.toFixed(1)).join(", ");
    const starting = median(all[jobs].map(({ starting }) => starting));
    console.log(`| ${jobs} | ${each} | ${(240 / seconds(jobs)).toFixed(1)} | ${starting.toFixed(1)} |`);
  }
  const same = new Set([...all[1], ...all[2]].map(({ predictions }) => predictions)).size === 1;
  console.log(
    `\n${engine}: --jobs 2 has ${ratio.toFixed(2)} times the throughput of --jobs 1; predictions ${
      same ? "equal byte by byte" : "DIFFER"
    } over ${2 * turns} runs.\n`,
  );
  const times = { 1: all[1].map(({ seconds }) => seconds), 2: all[2].map(({ seconds }) => seconds) };
  console.log(JSON.stringify({ engine, steps, seconds: times, ratio, same }));
  if (!same) Deno.exit(1);
}
if (options.folder === undefined) await Deno.remove(folder, { recursive: true });
