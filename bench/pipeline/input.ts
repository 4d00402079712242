/**
 * How long the network waits for its input: stage (c) on clips of noise with kept maps of MaNet, a step's inputs there beforehand (the network alone), made before each step, and made while the
 * step before is computed (`ReadAhead`). Wall time of a step, and how long it waits until it can take its inputs; one thread for the network. Times of steps need a quiet machine with a second core.
 *   deno task deno run -A bench/pipeline/input.ts [--engine native] [--width 16] [--sizes 32,64,112] [--frames 8] [--batch 4] [--turns 4] [--steps 20] [--processes 1] [--json]
 * `--processes 2` does all of it in two processes at once, as folds do with `--jobs 2`, and gives the mean of both.
 */
import * as tf from "@tensorflow/tfjs";
import { parseArgs } from "@std/cli";
import { augment } from "../../data/mod.ts";
import { adam, seededRandom, SharedRecordings, startEngine } from "../../engine/mod.ts";
import { MacroMaps } from "../../pipeline/macro_maps.ts";
import { definePipeline } from "../../pipeline/mod.ts";
import { pipelineRows, type Row } from "../../pipeline/rows.ts";
import { clipBatch } from "../../pipeline/stages/clip_batch.ts";
import { expressionNetwork } from "../../pipeline/stages/expression_network.ts";
import { GuidedNetworks } from "../../pipeline/stages/guided_networks.ts";
import { under } from "../../pipeline/stages/params.ts";
import { ReadAhead } from "../../pipeline/stages/read_ahead.ts";
import { type GuidedData, trainGuided } from "../../pipeline/stages/train_guided.ts";
import { runDeno } from "../../tools/_deno.ts";
import type { Clip } from "../../types.ts";
import { median } from "../_median.ts";

const options = parseArgs(Deno.args, { string: ["engine", "sizes"], boolean: ["json"] });
const number = (name: string, otherwise: number) => Number(options[name] ?? otherwise);
const engine = String(options.engine ?? "native");
const [width, frames, batch] = [number("width", 16), number("frames", 8), number("batch", 4)];
const [turns, steps, processes] = [number("turns", 4), number("steps", 20), number("processes", 1)];
const ways = ["alone", "before", "ahead"] as const;
const one = { TF_NUM_INTRAOP_THREADS: "1", TF_NUM_INTEROP_THREADS: "1" };

type Way = typeof ways[number];

/** Milliseconds, medians over all steps of each way. */
interface Times {
  readonly size: number;
  /** Until a step can take its inputs. */
  readonly waits: Record<Way, number>;
  /** From the end of one to the end of the next. */
  readonly steps: Record<Way, number>;
}

const rows = processes > 1 ? await inProcesses() : await measure();
if (options.json) console.log(JSON.stringify({ engine, width, frames, batch, processes, rows }));
else {
  console.log(
    "| size | waits, made before | waits, made ahead | step, inputs there | made before | made ahead |",
  );
  console.log("|---|---|---|---|---|---|");
  for (const { size, waits, steps } of rows) {
    const times = [waits.before, waits.ahead, steps.alone, steps.before, steps.ahead];
    console.log(`| ${size}x${size} | ${times.map((ms) => ms.toFixed(2)).join(" | ")} |`);
  }
}

/** Each size in turn. */
async function measure(): Promise<Times[]> {
  for (const [name, value] of Object.entries(one)) Deno.env.set(name, value);
  await startEngine(engine, { say: () => {} });
  const found: Times[] = [];
  for (const size of String(options.sizes ?? "32,64,112").split(",").map(Number)) {
    found.push(await ofSize(size));
  }
  return found;
}

async function ofSize(size: number): Promise<Times> {
  const pipeline = definePipeline({
    name: "input",
    micro: { databases: ["casme2"] },
    macro: { databases: ["ckplus"] },
    clip: { frames, size, channels: 3, augment: {} },
    network: { width, intervals: { count: 3 } },
    losses: { spatial: {}, relation: {}, temporal: {}, contrastive: {} },
    stages: { guided: { steps: steps + 2, batch } },
  });
  const random = seededRandom(1), classes = 3;
  const clips = Array.from({ length: 24 }, () => noise(size, random.integer));
  const labels = clips.map((_, i) => i % classes);
  const row = pipelineRows(pipeline).at(-1) as Row;
  const networks = new GuidedNetworks(pipeline, classes, row);
  const network = expressionNetwork(pipeline, classes, row.videoFeature, "plain");
  const params = { ...under(network.init(1), "minet."), ...networks.initHeads(row, 1) };
  const folder = await Deno.makeTempDir(), side = Math.ceil(size / 32);
  await MacroMaps.write(folder, clips.length, () => ({
    apexMap: tf.randomUniform([1, side, side, 8 * width]),
    frameMaps: tf.randomUniform([1, frames, side, side, 8 * width]),
  }));
  const maps = await MacroMaps.open(folder);
  const draw = () => Array.from({ length: batch }, () => random.integer(clips.length));
  const recordings = new SharedRecordings();
  const data: GuidedData = {
    drawMicro: draw,
    microBatch: (positions) => {
      const changed = positions.map((i) => augment(clips[i] as Clip, pipeline.clip.augment ?? {}, random));
      return clipBatch(changed, pipeline.clip);
    },
    microClasses: labels,
    drawMacro: draw,
    macroInput: (positions) => ({ maps: maps.batch(positions) }),
    macroClasses: labels,
    offsets: () => undefined,
    random: random.next,
    shared: { recordings, slot: "guided", key: "" },
  };
  const there = { micro: data.microBatch(draw()), maps: maps.batch(draw()) };
  const changes: Record<Way, Partial<GuidedData>> = {
    alone: {
      microBatch: () => copies(there.micro),
      macroInput: () => ({ maps: copies(there.maps) }),
    },
    before: {},
    ahead: { trail: { streams: [random] } },
  };
  const none = (): Record<Way, number[]> => ({ alone: [], before: [], ahead: [] });
  const times = none(), waits = none();
  let current: number[] = [];
  const take = ReadAhead.prototype.take;
  ReadAhead.prototype.take = function () {
    const began = performance.now();
    const inputs = take.call(this);
    current.push(performance.now() - began);
    return inputs;
  };
  for (let turn = -1; turn < turns; turn++) {
    for (const way of ways) {
      const optimiser = adam({ learningRate: 1e-4 });
      let last = 0;
      current = turn < 0 ? [] : waits[way];
      await trainGuided(
        networks,
        row,
        pipeline,
        params,
        optimiser,
        { ...data, ...changes[way] },
        ({ step }) => {
          const now = performance.now();
          if (turn >= 0 && step > 2) times[way].push(now - last); // the first turn and the first steps warm up
          last = now;
        },
      );
      optimiser.dispose();
    }
  }
  maps.close();
  await Deno.remove(folder, { recursive: true });
  tf.dispose([params, there] as unknown as tf.TensorContainer);
  ReadAhead.prototype.take = take;
  return {
    size,
    waits: each(ways, (way) => median(waits[way])),
    steps: each(ways, (way) => median(times[way])),
  };
}

function each<K extends string, T>(names: readonly K[], of: (name: K) => T): Record<K, T> {
  return Object.fromEntries(names.map((name) => [name, of(name)])) as Record<K, T>;
}

/** The same values once more: the loop disposes what it is given. */
function copies<T extends object>(tensors: T): T {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, tf.clone(tensor)])) as T;
}

/** A clip with edges everywhere, so that nothing is easier than in real ones. */
function noise(size: number, integer: (n: number) => number): Clip {
  const draw = (n: number) => Uint8Array.from({ length: n }, () => integer(256));
  const image = size * size * 3;
  return { shape: [frames, size, size, 3], pixels: draw(frames * image), apex: draw(image) };
}

/** The means of processes that measure side by side. */
async function inProcesses(): Promise<Times[]> {
  const args = Deno.args.filter((arg, i, all) => !/^--processes/.test(arg) && all[i - 1] !== "--processes");
  const found = await Promise.all(Array.from({ length: processes }, async () => {
    const { output, code } = await runDeno(["run", "-A", "bench/pipeline/input.ts", ...args, "--json"]);
    if (code !== 0) throw new Error(output);
    const line = output.split("\n").find((line) => line.startsWith("{")) as string;
    return (JSON.parse(line) as { rows: Times[] }).rows;
  }));
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b) / values.length;
  return found[0]!.map(({ size }, i) => ({
    size,
    waits: each(ways, (way) => mean(found.map((rows) => rows[i]!.waits[way]))),
    steps: each(ways, (way) => mean(found.map((rows) => rows[i]!.steps[way]))),
  }));
}
