/**
 * Ours against PyTorch on the same machine and work, in turn: ours, theirs, ours, theirs, each in a process of its own, medians. Also
 * the memory of a run and the start-up of the command. Each part goes into bench/results/PART.json; the table of those that were run
 * to standard output.
 *   deno task bench:torch --python .venv/bin/python [--parts guided16,guided64,...] [--engine native] [--threads 2] [--turns 2]
 *     [--steps 10] [--dry]
 * The Python needs torch 2.13.0 and numpy. `--dry` writes no files. Parts are measured best one at a time on a machine that does
 * nothing else: PyTorch's threads wait for each other by spinning, so that its times multiply where they must share the processor.
 */
import { parseArgs } from "@std/cli";
import { root } from "../tools/_deno.ts";
import { compareLoso } from "./performance/_loso.ts";
import { compareMemory } from "./performance/_memory.ts";
import type { Row, Settings } from "./performance/_settings.ts";
import { compareStartUp } from "./performance/_start_up.ts";
import { compareSteps, works } from "./performance/_steps.ts";
import { table } from "./performance/_table.ts";
import { UserError } from "../types.ts";

const options = parseArgs(Deno.args, { string: ["python", "engine", "parts"], boolean: ["dry"] });
const settings: Settings = {
  python: String(options.python ?? "python3"),
  engine: String(options.engine ?? "native"),
  threads: Number(options.threads ?? 2),
  turns: Number(options.turns ?? 2),
  steps: Number(options.steps ?? 10),
};
const parts: Readonly<Record<string, () => Promise<Row[]>>> = {
  ...Object.fromEntries(Object.keys(works).map((part) => [part, () => compareSteps(part, settings)])),
  loso: () => compareLoso(settings),
  memory: () => compareMemory(settings),
  startup: compareStartUp,
};
const chosen = options.parts ? String(options.parts).split(",") : Object.keys(parts);
try {
  const rows: Row[] = [];
  for (const part of chosen) {
    const compare = parts[part];
    if (compare === undefined) {
      throw new UserError(`There is no part ${part}; choose among ${Object.keys(parts).join(", ")}.`, 2);
    }
    const found = await compare();
    rows.push(...found);
    if (options.dry) continue;
    const { python: _, ...rest } = settings;
    const text = JSON.stringify({ ...rest, deno: Deno.version.deno, rows: found }, null, 2);
    await Deno.writeTextFile(`${root}bench/results/${part}.json`, `${text}\n`);
  }
  console.log(table(rows));
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  console.error(error.message);
  Deno.exit(error.exitCode);
}
