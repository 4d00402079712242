/**
 * Whether a run that is killed with -9 and resumed leaves the bytes of one that was not: N runs of a small CDE, each killed two to four times at
 * random moments (the command, a process that trains, everything while a file is written), then completed. Every file is compared, but run.json
 * (it holds the command), the times that jobs took, and report.html, which shows them.
 *   deno task deno run -A bench/pipeline/kill_run.ts [N] [--seed 1] [--engine native|wasm]
 * Needs Linux. Exit code 1 if any byte differs. The table goes to standard output.
 */
import { parseArgs } from "@std/cli";
import type { Pipeline } from "../../pipeline/mod.ts";
import { killRuns } from "./_kill.ts";

const options = parseArgs(Deno.args, { string: ["_", "seed", "engine"] });
const runs = Number(options._[0] ?? 20), seed = Number(options.seed ?? 1);
const engine = (options.engine ?? "auto") as Pipeline["engine"];
const folder = await Deno.makeTempDir({ prefix: "m2m kill " });
console.log(
  "| run | killed | after, ms | kills with a checkpoint | files | different |\n|---|---|---|---|---|---|",
);
let i = 0;
const { seconds, results } = await killRuns(folder, {
  runs,
  seed,
  engine,
  said: ({ victim, kills, checkpoints, files, different }) =>
    console.log(
      `| ${++i} | ${victim} | ${kills.join(", ")} | ${checkpoints} | ${files} | ${
        different.join(", ") || 0
      } |`,
    ),
});
const kills = results.reduce((sum, run) => sum + run.kills.length, 0);
const bad = results.filter(({ different }) => different.length > 0).length;
console.log(
  `\n${runs - bad} of ${runs} runs left the bytes of the uninterrupted run (${
    seconds.toFixed(1)
  } s), after ${kills} kills in all.`,
);
if (bad === 0) await Deno.remove(folder, { recursive: true });
else console.log(`What they left is in ${folder}.`);
Deno.exit(bad === 0 ? 0 : 1);
