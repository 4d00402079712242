/**
 * What making the input of a training step costs beside the step itself, in processor time on one thread: augmented clips and their batch (`augment`, `clipBatch`),
 * the kept maps of the macro clips (`MacroMaps.batch`), and the guided step that takes them.
 *   deno task deno run -A bench/pipeline/input.ts [--engine native] [--width 16] [--sizes 32,64,112] [--frames 8] [--batch 4] [--rounds 40] [--steps 20] [--json]
 * `--steps 0` leaves the step out.
 */
import * as tf from "@tensorflow/tfjs";
import { parseArgs } from "@std/cli";
import { augment } from "../../data/mod.ts";
import { seededRandom, startEngine } from "../../engine/mod.ts";
import { MacroMaps } from "../../pipeline/macro_maps.ts";
import { clipBatch } from "../../pipeline/stages/clip_batch.ts";
import { runDeno } from "../../tools/_deno.ts";
import type { Clip } from "../../types.ts";
import { median } from "../_median.ts";
import { processorTime } from "../engine/_watch.ts";

const options = parseArgs(Deno.args, { string: ["engine", "sizes"], boolean: ["json"] });
const number = (name: string, otherwise: number) => Number(options[name] ?? otherwise);
const engine = String(options.engine ?? "native");
const [width, frames, batch] = [number("width", 16), number("frames", 8), number("batch", 4)];
const rounds = number("rounds", 40), steps = number("steps", 20);
/** The defaults of a pipeline's `clip.augment`. */
const changes = { flip: 0.5, rotation: 5, translation: 0.03, scale: 0.05, brightness: 0.1, contrast: 0.1 };
const random = seededRandom(1);

const one = { TF_NUM_INTRAOP_THREADS: "1", TF_NUM_INTEROP_THREADS: "1", TF_CPP_MIN_LOG_LEVEL: "3" };
for (const [name, value] of Object.entries(one)) Deno.env.set(name, value);
await startEngine(engine, { say: () => {} });
const rows: Row[] = [];
for (const size of String(options.sizes ?? "32,64,112").split(",").map(Number)) {
  const clips = Array.from({ length: 24 }, () => drawClip(size));
  const chosen = () => Array.from({ length: batch }, () => clips[random.integer(clips.length)] as Clip);
  const changed = await time(() => chosen().map((clip) => augment(clip, changes, random)));
  const batched = await time(() => {
    const input = clipBatch(chosen(), { normalise: "clip", reference: "none" });
    tf.dispose(input as unknown as tf.TensorContainer);
  });
  const maps = await timeMaps(Math.ceil(size / 32), clips.length);
  rows.push({ size, augment: changed, batch: batched, maps, step: steps > 0 ? await timeStep(size) : NaN });
}
if (options.json) console.log(JSON.stringify({ engine, width, frames, batch, rows }));
else {
  console.log("| size | augment | batch | maps | guided step | input, part of the step |");
  console.log("|---|---|---|---|---|---|");
  for (const { size, augment, batch, maps, step } of rows) {
    const all = augment + batch + maps;
    const times = [augment, batch, maps, step].map((ms) => `${ms.toFixed(2)} ms`).join(" | ");
    console.log(`| ${size} | ${times} | ${(100 * all / step).toFixed(1)} % |`);
  }
}

interface Row {
  readonly size: number;
  readonly augment: number;
  readonly batch: number;
  readonly maps: number;
  readonly step: number;
}

/** A picture with edges, so that nothing is easier than in real clips. */
function drawClip(size: number): Clip {
  const draw = (n: number) => Uint8Array.from({ length: n }, () => random.integer(256));
  const image = size * size * 3;
  return { shape: [frames, size, size, 3], pixels: draw(frames * image), apex: draw(image) };
}

/** The median of the processor time, ms. */
async function time(work: () => unknown): Promise<number> {
  const found: number[] = [];
  for (let i = -10; i < rounds; i++) {
    const before = processorTime();
    for (let k = 0; k < 5; k++) await work();
    if (i >= 0) found.push((processorTime() - before) / 5);
  }
  return median(found);
}

async function timeMaps(side: number, count: number): Promise<number> {
  const folder = await Deno.makeTempDir(), channels = 8 * width;
  try {
    await MacroMaps.write(folder, count, () => ({
      apexMap: tf.randomUniform([1, side, side, channels]),
      frameMaps: tf.randomUniform([1, frames, side, side, channels]),
    }));
    const maps = await MacroMaps.open(folder);
    const took = await time(() => {
      tf.dispose(
        maps.batch(Array.from({ length: batch }, () => random.integer(count))) as tf.TensorContainer,
      );
    });
    maps.close();
    return took;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** bench/engine/guided_step.ts, whose input is made beforehand but for the maps. */
async function timeStep(size: number): Promise<number> {
  const args = { engine, width, size, frames, batch, steps, maps: "kept" };
  const { output, code } = await runDeno([
    ...["run", "-A", "bench/engine/guided_step.ts", "--json"],
    ...Object.entries(args).flatMap(([name, value]) => [`--${name}`, String(value)]),
  ], { env: one });
  if (code !== 0) throw new Error(output);
  const line = output.split("\n").find((line) => line.startsWith("{")) as string;
  return median((JSON.parse(line) as { processor: number[] }).processor);
}
