// The process of one job: `_worker.ts RUN_FOLDER JOB`. Speaks to its parent in JSON lines on standard output.
import { startEngine } from "../engine/mod.ts";
import { UserError } from "../types.ts";
import type { Job, Message } from "./jobs.ts";
import { methodOf } from "./methods/mod.ts";
import type { Plan } from "./plan.ts";
import { planFile } from "./run_folder.ts";

function say(message: Message): void {
  Deno.stdout.writeSync(new TextEncoder().encode(JSON.stringify(message) + "\n"));
}

// The parent holds the other end of standard input: when it dies, so does this process.
(async () => {
  for await (const _ of Deno.stdin.readable);
  Deno.exit(1);
})();

let lastSaid = 0;
async function report(done: number, text: string): Promise<void> {
  const now = performance.now();
  if (now - lastSaid < 200) return;
  lastSaid = now;
  say({ type: "step", done, text });
  await new Promise((resolve) => setTimeout(resolve)); // lets the end of standard input be seen
}

const [run, job] = [Deno.args[0] as string, JSON.parse(Deno.args[1] as string) as Job];
try {
  const plan = JSON.parse(await Deno.readTextFile(planFile(run))) as Plan;
  await startEngine(plan.engine, { threads: plan.pipeline.threadsPerFold, say: () => {} });
  const method = methodOf(plan.pipeline);
  if (job.kind === "macro") await method.trainMacro(plan, run, job.seed, report);
  else await method.trainFold(plan, run, job.fold, job.seed, report);
  say({ type: "done" });
  Deno.exit(0);
} catch (error) {
  const mistake = error instanceof UserError || error instanceof RangeError;
  say({ type: "error", message: mistake ? error.message : (error as Error).stack ?? String(error), mistake });
  Deno.exit(1);
}
