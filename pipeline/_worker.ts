// The process of one job: `_worker.ts RUN_FOLDER JOB [--detached]`. Speaks to its parent in JSON lines on standard output and ends when that dies;
// detached (under a batch system, or by hand) it has no parent, ignores standard input and says plain lines.
import { startEngine } from "../engine/mod.ts";
import { UserError } from "../types.ts";
import type { Job, Message } from "./jobs.ts";
import { methodOf } from "./methods/mod.ts";
import type { Plan } from "./plan.ts";
import { planFile } from "./run_folder.ts";
import { type Standing, standingText } from "./standing.ts";

const [run, job] = [Deno.args[0] as string, JSON.parse(Deno.args[1] as string) as Job];
const detached = Deno.args[2] === "--detached";

function say(message: Message): void {
  const line = detached ? plain(message) : JSON.stringify(message);
  Deno.stdout.writeSync(new TextEncoder().encode(line + "\n"));
}

function plain(message: Message): string {
  if (message.type === "step") return `${standingText(message.at)} (${message.done} steps done)`;
  return message.type === "error" ? message.message : message.type;
}

// The parent holds the other end of standard input: when it dies, so does this process.
if (!detached) {
  (async () => {
    for await (const _ of Deno.stdin.readable);
    Deno.exit(1);
  })();
}

let lastSaid = 0;
async function report(done: number, at: Standing): Promise<void> {
  const now = performance.now();
  if (now - lastSaid < (detached ? 30_000 : 200)) return;
  lastSaid = now;
  say({ type: "step", done, at });
  await new Promise((resolve) => setTimeout(resolve)); // lets the end of standard input be seen
}

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
