// Runs the tests on every engine of this machine, with real data where M2M_REAL_DATA names its folder, with the outside
// programs that are installed (a test without its program says "skipped" in its name), and the examples of the documentation.
// The last line is `N passed, N failed`, summed over the runs; the exit code is 1 if a test failed.
//   deno task test:all
import { availableEngines, type EngineName } from "../engine/mod.ts";
import { exampleArgs, runDeno } from "./_deno.ts";
import { sumCounts, type TestCounts, testCounts } from "./_test_counts.ts";

/** A run of `deno test`. */
interface Run {
  readonly name: string;
  readonly args: readonly string[];
  readonly engine?: EngineName;
}

/** The cpu engine is the slow oracle: there only what trains no networks, and not what compares wasm with it anyway. */
const smallForCpu = [
  "--ignore=tests/engine/wasm",
  ...["engine", "losses", "eval", "models/ststnet", "models/ststnet_authors_test.ts"].map((part) =>
    `tests/${part}`
  ),
];
/** Not in the full run: webgpu is on request only, and on a software driver takes hours. */
const engines: EngineName[] = ["native", "wasm", "cpu"];

const here = (await availableEngines()).filter(({ name }) => engines.includes(name));

const runs: Run[] = here.filter(({ available }) => available).map(({ name }) => ({
  name: `tests on ${name}`,
  args: ["--parallel", ...(name === "cpu" ? smallForCpu : ["tests"])],
  engine: name,
}));
runs.push({ name: "examples of the documentation", args: exampleArgs });

const counts: TestCounts[] = [];
for (const { name, args, engine } of runs) {
  console.log(`== ${name}`);
  const { code, output, seconds } = await runDeno(["test", "-A", ...args], {
    env: engine ? { M2M_ENGINE: engine } : {},
    echo: true,
    testLimit: 600,
  });
  const count = testCounts(output, code);
  counts.push(count);
  console.log(`== ${name}: ${words(count)} in ${seconds.toFixed(0)} s\n`);
}

for (const [i, { name }] of runs.entries()) console.log(`${name}: ${words(counts[i]!)}`);
for (const { name, reason } of here.filter(({ available }) => !available)) {
  console.log(`not run on ${name}: ${reason}`);
}
if (!Deno.env.get("M2M_REAL_DATA")) console.log("not run with real data: M2M_REAL_DATA is not set");
const sum = sumCounts(counts);
console.log(`${sum.passed} passed, ${sum.failed} failed`);
Deno.exit(sum.failed > 0 ? 1 : 0);

function words({ passed, failed, ignored }: TestCounts): string {
  return `${passed} passed, ${failed} failed, ${ignored} ignored`;
}
