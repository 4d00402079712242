import { availableEngines, type EngineName } from "../engine/mod.ts";
import { UserError } from "../types.ts";
import type { EngineSteps } from "./_engine_step.ts";

/**
 * What may differ between engines. SGD is compared by element: two steps' rounding. Adam divides by the gradient's size and so
 * amplifies rounding where it is near zero; it is compared by the norm of each tensor's difference against the tensor's.
 */
export const tolerances = { loss: 1e-5, sgd: 1e-4, adam: 5e-3 } as const;

/** One engine against the oracle. */
interface Row {
  readonly engine: EngineName;
  /** |loss - the oracle's| / the oracle's. */
  readonly loss: number;
  /** The largest difference of a weight after SGD, in parts of the tensor's largest weight (at least 1). */
  readonly sgd: number;
  /** The largest ||difference|| / ||weights|| of a tensor after Adam. */
  readonly adam: number;
  readonly agrees: boolean;
  /** Milliseconds a step, and the ratio to the first engine's. */
  readonly small: number;
  readonly large?: number;
  readonly ratio?: number;
}

/** m2m engine check: exit code 1 if an engine differs beyond the tolerances or cannot train. */
export async function checkEngines(json: boolean): Promise<number> {
  const engines = (await availableEngines())
    .filter(({ name, available }) => available && name !== "webgpu").map(({ name }) => name);
  const results = new Map<EngineName, EngineSteps>();
  const failures = new Map<EngineName, string>();
  for (const engine of engines) {
    console.error(`training on ${engine}`);
    const result = await stepsOn(engine);
    if (typeof result === "string") failures.set(engine, result);
    else results.set(engine, result);
  }
  const oracle = results.get("cpu");
  if (oracle === undefined) throw new UserError(`The cpu engine, the oracle, failed: ${failures.get("cpu")}`);
  const fastest = [...results.values()].find(({ large }) => large !== undefined)?.large;
  const rows = [...results].map(([engine, steps]) => compare(engine, steps, oracle, fastest));
  if (json) {
    console.log(JSON.stringify({ tolerances, rows, failures: Object.fromEntries(failures) }, null, 2));
  } else printTable(rows, failures);
  return failures.size > 0 || rows.some(({ agrees }) => !agrees) ? 1 : 0;
}

/** What the engine's process reports, or why it failed. */
async function stepsOn(engine: EngineName): Promise<EngineSteps | string> {
  const config = Deno.env.get("M2M_CONFIG");
  const script = new URL("./_engine_step.ts", import.meta.url).href;
  const { code, signal, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", ...(config ? ["--config", config] : []), script, engine],
    stdin: "null",
  }).output();
  if (code === 0) return JSON.parse(new TextDecoder().decode(stdout));
  const said = new TextDecoder().decode(stderr).trim().split("\n").slice(-3).join(" ");
  return `the process ended with ${signal ?? `exit code ${code}`}: ${said}`;
}

function compare(
  engine: EngineName,
  steps: EngineSteps,
  oracle: EngineSteps,
  fastest: number | undefined,
): Row {
  let [sgd, adam] = [0, 0];
  for (const [name, expected] of Object.entries(oracle.sgd)) {
    const scale = Math.max(1, ...expected.map(Math.abs));
    expected.forEach((value, i) =>
      sgd = Math.max(sgd, Math.abs((steps.sgd[name]?.[i] ?? NaN) - value) / scale)
    );
  }
  for (const [name, expected] of Object.entries(oracle.adam)) {
    const difference = Math.hypot(...expected.map((value, i) => (steps.adam[name]?.[i] ?? NaN) - value));
    adam = Math.max(adam, difference / Math.hypot(...expected));
  }
  const loss = Math.abs(steps.loss - oracle.loss) / oracle.loss;
  return {
    engine,
    loss,
    sgd,
    adam,
    agrees: loss <= tolerances.loss && sgd <= tolerances.sgd && adam <= tolerances.adam,
    small: steps.small,
    ...(steps.large === undefined || fastest === undefined
      ? {}
      : { large: steps.large, ratio: steps.large / fastest }),
  };
}

function printTable(rows: readonly Row[], failures: ReadonlyMap<EngineName, string>): void {
  console.log(
    "ResNet18, 8 pictures; differences from cpu after two steps; least milliseconds a step, 1 thread",
  );
  const head = ["engine", "loss", "SGD", "Adam", "agrees", "width 4, 32x32", "width 32, 48x48", "ratio"];
  const ms = (x: number | undefined) => x === undefined ? "" : x.toFixed(1);
  const lines = rows.map((row) => [
    row.engine,
    ...[row.loss, row.sgd, row.adam].map((x) => x.toExponential(1)),
    row.agrees ? "yes" : "NO",
    ms(row.small),
    ms(row.large),
    row.ratio === undefined ? "" : row.ratio.toFixed(2),
  ]);
  const limits = ["allowed", ...Object.values(tolerances).map((x) => x.toExponential(1))];
  const widths = head.map((title, i) =>
    Math.max(...[head, limits, ...lines].map((line) => line[i]?.length ?? 0), title.length)
  );
  for (const line of [head, ...lines, limits]) {
    console.log(
      line.map((cell, i) => i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)).join("  "),
    );
  }
  for (const [engine, why] of failures) console.log(`${engine} failed: ${why}`);
}
