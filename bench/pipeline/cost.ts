// What a run costs: time and memory against folds and clips with a small network, and a training step, a clip's maps and a fold's memory at the paper's
// size, from which docs/cost.md reckons what a real CDE takes. Two folds at once with a thread each, as `--jobs 2` runs them.
//   deno task deno run -A bench/pipeline/cost.ts [--parts folds,clips,size] [--out bench/results/cost.json]
// Keeps what is there of the parts that it does not measure.
import { parseArgs } from "@std/cli";
import { availableEngines } from "../../engine/mod.ts";
import { type Job, runJob } from "../../pipeline/jobs.ts";
import { makePlan } from "../../pipeline/make_plan.ts";
import { definePipeline, type Pipeline } from "../../pipeline/mod.ts";
import { planFile } from "../../pipeline/run_folder.ts";
import { writeWhole } from "../../pipeline/write_whole.ts";
import { median } from "../_median.ts";
import { treeMemory } from "../performance/_tree_memory.ts";
import { startRun, workersOf } from "./_run_command.ts";

/** Subjects and clips of the synthetic databases. */
interface Size {
  readonly subjects: number;
  readonly clips: number;
}

const none = { casme2: 0, smic: 0, samm: 0, ckplus: 0, mmi: 0 };

/** The whole method on a network of width 4: the time is that of starting, reading, stepping and writing, not of arithmetic. */
function smallRun({ subjects, clips }: Size): Pipeline {
  return definePipeline({
    name: "cost",
    micro: { databases: ["smic"] },
    macro: { databases: ["ckplus"] },
    synthetic: {
      seed: 1,
      subjects: { ...none, smic: subjects, ckplus: 6 },
      clipsPerSubject: clips,
      size: 48,
    },
    clip: { frames: 8, size: 32, channels: 1 },
    network: { width: 4, stem: "small", intervals: { count: 2 } },
    losses: { spatial: {}, relation: {}, temporal: {}, contrastive: {} },
    stages: {
      macro: { steps: 20, batch: 4 },
      micro: { steps: 20, batch: 4 },
      guided: { steps: 20, batch: 4 },
    },
    keepCheckpoints: "macro",
  });
}

/** The network, clips and batches that a pipeline has by default: width 64, 112x112, T 8, n 8. */
const paperSize = definePipeline({
  name: "cost_size",
  micro: { databases: ["smic"] },
  macro: { databases: ["ckplus"] },
  synthetic: { seed: 1, subjects: { ...none, smic: 2, ckplus: 4 }, clipsPerSubject: 4, size: 112 },
  losses: { spatial: {}, relation: {}, temporal: {}, contrastive: {} },
  stages: { macro: { steps: 7 }, micro: { steps: 6 }, guided: { steps: 6 } },
});

const folder = await Deno.makeTempDir({ prefix: "m2m-cost-" });

/** Wall time of a run and the most memory that its processes held at once; the databases and decoded clips are there before. */
async function timedRun(size: Size): Promise<Record<string, number>> {
  const name = `${folder}/${size.subjects}x${size.clips}`;
  const pipeline = smallRun(size);
  await Deno.writeTextFile(`${name}.yaml`, JSON.stringify(pipeline));
  const plan = await makePlan(pipeline, await engine(), { ...places(name), small: false, say: () => {} });
  const began = performance.now();
  const child = startRun(`${name}.yaml`, { ...places(name), out: `${name}-run`, jobs: 2 });
  const output = child.output();
  const memory = await treeMemory(child);
  const { success, stderr } = await output;
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  const seconds = (performance.now() - began) / 1000;
  const steps = 10 + plan.folds.length * 20;
  return {
    folds: plan.folds.length,
    clips: plan.micro.length,
    seconds: round(seconds),
    perFold: round(seconds / plan.folds.length),
    steps,
    megabytes: Math.round(memory),
  };
}

const places = (name: string) => ({ data: `${name}-data`, cache: `${folder}/cache` });
const round = (x: number) => Number(x.toPrecision(4));

async function engine(): Promise<string> {
  return (await availableEngines()).find(({ available }) => available)?.name as string;
}

/** Steps of each stage at the paper's size, one MaNet and then two folds at once. */
async function sizeCosts(): Promise<Record<string, number | number[]>> {
  const run = `${folder}/size-run`;
  const plan = await makePlan(paperSize, await engine(), {
    ...places(`${folder}/size`),
    small: false,
    say: () => {},
  });
  await writeWhole(planFile(run), JSON.stringify(plan));
  const manet = await timedJob(run, { kind: "macro", seed: 1 });
  const folds = await Promise.all([0, 1].map((fold) => timedJob(run, { kind: "fold", seed: 1, fold })));
  const testClips = folds.map((_, fold) => plan.folds[fold]?.test.length ?? 0);
  return {
    macroSteps: (manet.steps.macro ?? []).map(round),
    microSteps: folds.flatMap(({ steps }) => steps.micro ?? []).map(round),
    guidedSteps: folds.flatMap(({ steps }) => steps.guided ?? []).map(round),
    macroStep: round(median(manet.steps.macro ?? [])),
    microStep: round(median(folds.flatMap(({ steps }) => steps.micro ?? []))),
    guidedStep: round(median(folds.flatMap(({ steps }) => steps.guided ?? []))),
    startUp: round(median(folds.map(({ first }) => first))), // with the first step
    mapsPerClip: round(manet.rest / plan.macro.length), // maps, features and the checkpoint
    endPerTestClip: round(median(folds.map(({ rest }, i) => rest / (testClips[i] as number)))), // prediction, Grad-CAM, checkpoints
    macroMegabytes: Math.round(manet.memory),
    foldMegabytes: Math.round(Math.max(...folds.map(({ memory }) => memory))),
  };
}

async function timedJob(run: string, job: Job) {
  const began = performance.now();
  let last = began, first = 0, memory = 0, stage = "";
  const steps: Record<string, number[]> = {};
  const watch = setInterval(() => {
    for (const pid of workersOf(run)) {
      const words = text(`/proc/${pid}/cmdline`).split("\0");
      if (!words.includes(JSON.stringify(job))) continue;
      memory = Math.max(
        memory,
        Number(/^VmHWM:\s+(\d+) kB/m.exec(text(`/proc/${pid}/status`))?.[1] ?? 0) / 1024,
      );
    }
  }, 200);
  await runJob(run, job, {
    threads: paperSize.threadsPerFold,
    signal: new AbortController().signal,
    onMessage: (message) => {
      if (message.type !== "step") return;
      const now = performance.now();
      if (first === 0) first = (now - began) / 1000;
      else if (message.at.stage === stage) (steps[stage] ??= []).push((now - last) / 1000); // the first step of a stage also prepares it
      [last, stage] = [now, message.at.stage];
    },
  });
  clearInterval(watch);
  return { steps, first, rest: (performance.now() - last) / 1000, memory };
}

function text(file: string): string {
  try {
    return Deno.readTextFileSync(file);
  } catch {
    return ""; // it has ended meanwhile
  }
}

const given = parseArgs(Deno.args, { string: ["parts", "out"] });
const parts = ((given.parts as string | undefined) ?? "folds,clips,size").split(",");
const out = given.out as string | undefined;
const result = out ? JSON.parse(await Deno.readTextFile(out).catch(() => "{}")) : {};
try {
  result.engine = await engine();
  if (parts.includes("folds")) {
    result.folds = [];
    for (const subjects of [8, 16, 32]) result.folds.push(await timedRun({ subjects, clips: 3 }));
    console.table(result.folds);
  }
  if (parts.includes("clips")) {
    result.clips = [];
    for (const clips of [3, 6, 12]) result.clips.push(await timedRun({ subjects: 8, clips }));
    console.table(result.clips);
  }
  if (parts.includes("size")) {
    result.size = await sizeCosts();
    console.table(result.size);
  }
  if (out) await Deno.writeTextFile(out, JSON.stringify(result, null, 2) + "\n");
} finally {
  await Deno.remove(folder, { recursive: true });
}
