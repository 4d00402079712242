/**
 * Whether a kernel of ours has become slower: times of kernels and of a training step, each as a ratio to a plain matrix product on
 * the same engine in the same process, and the step from engine to engine, against the ratios committed in bench/results/ratios.json.
 *   deno task bench:check [--write]
 * Five repeats in processes of their own, the engines in turn. A ratio fails when its median exceeds the committed one by more than
 * 1.5 times the spread of the repeats, at least 10 %, at most 30 %. What fails is measured anew, twice at most, and fails only if it does so each
 * time. Processor time on one thread; oneDNN is held to AVX2, so that processors with and without AVX-512 do the same. Without the native engine
 * wasm alone is checked. `--write` commits what it finds.
 */
import { parseArgs } from "@std/cli";
import { availableEngines } from "../engine/mod.ts";
import { root, runDeno } from "../tools/_deno.ts";
import { wholeStep, yardstick } from "./check/_cases.ts";
import { judge, type Ratio, ratioOf } from "./check/_judge.ts";

const file = `${root}bench/results/ratios.json`;
const { write } = parseArgs(Deno.args, { boolean: ["write"] });
const engines = (await availableEngines())
  .filter(({ name, available }) => available && (name === "native" || name === "wasm"))
  .map(({ name }) => name);
if (!engines.includes("native")) {
  console.log("note: the native engine is not installed; wasm alone is checked");
}

/** Least processor times of one repeat by case. */
async function repeat(engine: string): Promise<Record<string, number>> {
  const { code, output } = await runDeno(["run", "-A", "bench/check/_repeat.ts", engine], {
    env: { TF_NUM_INTRAOP_THREADS: "1", ONEDNN_MAX_CPU_ISA: "AVX2" },
  });
  const line = output.split("\n").find((line) => line.startsWith("{"));
  if (code !== 0 || line === undefined) {
    console.error(`bench/check/_repeat.ts ${engine} failed: ${output.slice(-1000)}`);
    Deno.exit(1);
  }
  return JSON.parse(line);
}

/** Five repeats: the ratios of every case by `engine: case`. */
async function measure(): Promise<Record<string, Ratio>> {
  const ratios: Record<string, number[]> = {};
  const add = (name: string, ratio: number) => (ratios[name] ??= []).push(ratio);
  for (let i = 0; i < 5; i++) {
    const steps: Record<string, number> = {};
    for (const engine of engines) {
      const { [yardstick]: product, ...times } = await repeat(engine);
      for (const [name, ms] of Object.entries(times)) add(`${engine}: ${name}`, ms / (product as number));
      steps[engine] = times[wholeStep] as number;
    }
    if (steps.native && steps.wasm) add(`wasm against native: ${wholeStep}`, steps.wasm / steps.native);
  }
  return Object.fromEntries(Object.entries(ratios).map(([name, list]) => [name, ratioOf(list)]));
}

let found = await measure();
if (write) {
  const rounded = Object.fromEntries(
    Object.entries(found).map(([name, { median, spread }]) => [name, {
      median: Number(median.toPrecision(4)),
      spread: Number(spread.toPrecision(3)),
    }]),
  );
  await Deno.writeTextFile(file, JSON.stringify(rounded, null, 2) + "\n");
  console.log(`wrote ${Object.keys(found).length} ratios`);
  Deno.exit(0);
}
const all = JSON.parse(await Deno.readTextFile(file)) as Record<string, Ratio>;
const committed = Object.fromEntries(
  Object.entries(all).filter(([name]) => engines.length === 2 || name.startsWith(`${engines[0]}:`)),
);
let verdicts = judge(committed, found);
for (let again = 0; again < 2 && verdicts.some(({ fails }) => fails); again++) {
  console.log(`measured anew: ${verdicts.filter(({ fails }) => fails).map(({ name }) => name).join("; ")}`);
  const next = await measure();
  // A case that has passed stays passed.
  const failing = new Set(verdicts.filter(({ fails }) => fails).map(({ name }) => name));
  found = Object.fromEntries(
    Object.entries(found).map(([name, ratio]) => [name, failing.has(name) ? next[name] ?? ratio : ratio]),
  );
  verdicts = judge(committed, found);
}
const percent = (x: number | undefined) => x === undefined ? "?" : `${(100 * x).toFixed(0)} %`;
for (const { name, change, allowed, fails } of verdicts) {
  console.log(
    `${fails ? "FAILED" : "ok    "} ${name}: ${percent(change)} from the committed ratio ${
      all[name]?.median
    }, ` +
      `allowed ${percent(allowed)}`,
  );
}
const failed = verdicts.filter(({ fails }) => fails).length;
console.log(`${verdicts.length - failed} passed, ${failed} failed`);
Deno.exit(failed > 0 ? 1 : 0);
