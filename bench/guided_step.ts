/**
 * The guided step against PyTorch, side by side: ours, theirs, ours, theirs, each in a process of its own, medians over all
 * steps. The table goes to standard error, JSON to standard output.
 *   deno task deno run -A bench/guided_step.ts --python .venv/bin/python [--engine native] [--threads 2] [--turns 2] [--steps 10]
 *     [--sizes 16x64,64x64,64x112]
 * The Python needs torch 2.13 and numpy. Sizes are width x pixels; T is 8 and n 4.
 */
import { parseArgs } from "@std/cli";
import { root, runDeno } from "../tools/_deno.ts";
import { UserError } from "../types.ts";

const options = parseArgs(Deno.args, { string: ["python", "engine", "sizes"] });
const number = (name: string, otherwise: number) => Number(options[name] ?? otherwise);
const [threads, turns, steps] = [number("threads", 2), number("turns", 2), number("steps", 10)];
const engine = String(options.engine ?? "native"), python = String(options.python ?? "python3");
const sizes = String(options.sizes ?? "16x64,64x64,64x112").split(",").map((text) => text.split("x"));

/** Median milliseconds of a step, by the wall and by the processor. */
interface Times {
  readonly wall: number;
  readonly processor: number;
}

async function ours(width: string, size: string): Promise<Times> {
  const { code, output } = await runDeno([
    ...["run", "-A", "bench/engine/guided_step.ts", "--engine", engine],
    ...["--width", width, "--size", size, "--steps", String(steps)],
  ], { env: { TF_NUM_INTRAOP_THREADS: String(threads) } });
  const median = (part: string) => Number(new RegExp(`^${part}: median ([\\d.]+) ms`, "m").exec(output)?.[1]);
  const times = { wall: median("step"), processor: median("step, processor time") };
  if (code !== 0 || !(times.wall > 0)) {
    throw new UserError(`bench/engine/guided_step.ts failed: ${output.slice(-500)}`);
  }
  return times;
}

async function theirs(width: string, size: string): Promise<Times> {
  const { code, stdout, stderr } = await new Deno.Command(python, {
    args: [
      ...[`${root}bench/torch_peer.py`, "--width", width, "--size", size],
      ...["--steps", String(steps), "--threads", String(threads)],
    ],
    stdin: "null",
  }).output();
  if (code !== 0) {
    throw new UserError(`bench/torch_peer.py failed: ${new TextDecoder().decode(stderr).slice(-500)}`);
  }
  const { wall, processor } = JSON.parse(new TextDecoder().decode(stdout));
  return { wall: median(wall), processor: median(processor) };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b), middle = sorted.length >> 1;
  const [low, high] = [sorted[sorted.length % 2 ? middle : middle - 1], sorted[middle]];
  return ((low ?? NaN) + (high ?? NaN)) / 2;
}

const rows = [];
for (const [width = "", size = ""] of sizes) {
  const all: { ours: Times[]; torch: Times[] } = { ours: [], torch: [] };
  for (let turn = 0; turn < turns; turn++) {
    all.ours.push(await ours(width, size));
    all.torch.push(await theirs(width, size));
  }
  const of = (who: "ours" | "torch", what: keyof Times) => median(all[who].map((times) => times[what]));
  const row = {
    width: Number(width),
    size: Number(size),
    ours: { wall: of("ours", "wall"), processor: of("ours", "processor") },
    torch: { wall: of("torch", "wall"), processor: of("torch", "processor") },
    turns: all,
  };
  rows.push(row);
  const ms = (x: number) => x.toFixed(0).padStart(6);
  console.error(
    `width ${width}, ${size}x${size}: ${engine} ${ms(row.ours.wall)} ms (processor ${
      ms(row.ours.processor)
    }), ` +
      `torch ${ms(row.torch.wall)} ms (processor ${ms(row.torch.processor)}), ` +
      `ratio ${(row.ours.wall / row.torch.wall).toFixed(2)} (processor ${
        (row.ours.processor / row.torch.processor).toFixed(2)
      })`,
  );
}
console.log(JSON.stringify({ engine, threads, steps, rows }, null, 2));
