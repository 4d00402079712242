// The process of one job: `_worker.ts RUN_FOLDER JOB [--detached]`. Speaks to its parent in JSON lines on standard output, stops after a step when
// a line comes on standard input, and ends when that ends: its parent has died. Detached (under a batch system, or by hand) it has no parent: it
// ignores standard input, says plain lines, and stops after a step on SIGTERM or SIGINT.
import { startEngine } from "../engine/mod.ts";
import { type Fold, UserError } from "../types.ts";
import { removeLeftovers } from "./_leftovers.ts";
import { holderText, isLock, takeLock } from "./folder_lock.ts";
import type { Job, Message } from "./jobs.ts";
import { jobStatusFile, JobStatusWriter } from "./job_status.ts";
import { methodOf } from "./methods/mod.ts";
import type { Plan } from "./plan.ts";
import { foldFolder, isMacroDone, macroFolder, planFile, readFold, unfinishedFolder } from "./run_folder.ts";
import { type Standing, standingText } from "./standing.ts";
import { Stopped } from "./training_state.ts";
import { StorageError } from "./write_whole.ts";

const [run, job] = [Deno.args[0] as string, JSON.parse(Deno.args[1] as string) as Job];
const detached = Deno.args[2] === "--detached";

function say(message: Message): void {
  const line = detached ? plain(message) : JSON.stringify(message);
  try {
    Deno.stdout.writeSync(new TextEncoder().encode(line + "\n"));
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) Deno.exit(1); // the parent is dead, which is no failure of the job
    throw error;
  }
}

function plain(message: Message): string {
  switch (message.type) {
    case "step":
      return `${standingText(message.at)} (${message.done} steps done)`;
    case "resumed":
      return `goes on from step ${message.done}`;
    case "note":
      return message.text;
    case "error":
      return message.message;
    default:
      return message.type;
  }
}

let stopping = false;
const stop = () => {
  stopping = true;
};
listen("SIGTERM", stop);
listen("SIGINT", detached ? stop : () => {}); // the terminal tells all processes at once, and the parent tells this one what to do
if (!detached) {
  listen("SIGHUP", () => {});
  (async () => {
    for await (const _ of Deno.stdin.readable) stop();
    Deno.exit(1);
  })();
}

function listen(signal: Deno.Signal, listener: () => void): void {
  if (Deno.build.os === "windows" && signal !== "SIGINT") return;
  Deno.addSignalListener(signal, listener);
}

let lastSaid = 0;
let lastBreath = 0;
let resumed = 0; // said once, before the first step
async function report(done: number, at: Standing): Promise<void> {
  if (resumed > 0) {
    say({ type: "resumed", done: resumed });
    resumed = 0;
  }
  await status?.step(done, at);
  const now = performance.now();
  if (now - lastSaid >= (detached ? 30_000 : 200)) {
    lastSaid = now;
    say({ type: "step", done, at });
  }
  if (now - lastBreath < 100) return;
  lastBreath = now;
  await new Promise((resolve) => setTimeout(resolve)); // lets signals and standard input be heard
}

/** One process at a time works on a job: one whose parent has just been killed may still be at its last step. */
async function lockJob(folder: string): Promise<void> {
  const end = performance.now() + 60_000;
  for (;;) {
    const taken = await takeLock(`${unfinishedFolder(folder)}/lock`, (text) => say({ type: "note", text }));
    if (isLock(taken)) return await removeLeftovers(unfinishedFolder(folder)); // the lock is kept until this process ends
    if (performance.now() > end) {
      throw new UserError(`Cannot work on ${folder}: ${holderText(taken)}, is at it.`);
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

let status: JobStatusWriter | undefined;
try {
  const plan = JSON.parse(await Deno.readTextFile(planFile(run))) as Plan;
  const name = job.kind === "fold" ? (plan.folds[job.fold] as Fold).name : "";
  const isDone = async () =>
    job.kind === "macro"
      ? await isMacroDone(run, job.seed)
      : await readFold(run, job.seed, name) !== undefined;
  const folder = job.kind === "macro" ? macroFolder(run, job.seed) : foldFolder(run, job.seed, name);
  await lockJob(folder);
  if (await isDone()) { // by a process that this one waited for
    await Deno.remove(unfinishedFolder(folder), { recursive: true });
  } else {
    await startEngine(plan.engine, { threads: plan.pipeline.threadsPerFold, say: () => {} });
    const method = methodOf(plan.pipeline);
    const steps = job.kind === "macro"
      ? method.macroSteps(plan.pipeline)
      : method.foldSteps(plan, plan.folds[job.fold] as Fold);
    status = new JobStatusWriter(jobStatusFile(run, job, name), steps);
    await status.start();
    const options = {
      stop: () => stopping,
      resumed: (done: number) => {
        resumed = done;
      },
      say: (text: string) => say({ type: "note", text }),
    };
    if (job.kind === "macro") await method.trainMacro(plan, run, job.seed, report, options);
    else await method.trainFold(plan, run, job.fold, job.seed, report, options);
  }
  await status?.end("done");
  say({ type: "done" });
  Deno.exit(0);
} catch (error) {
  if (error instanceof Stopped) {
    await status?.end("stopped");
    say({ type: "stopped" });
    Deno.exit(detached ? 143 : 0); // to a batch system that asked for it, the job is not done
  }
  await status?.end("failed", (error as Error).message);
  const mistake = error instanceof UserError || error instanceof RangeError;
  const kind = error instanceof StorageError ? "storage" : mistake ? "mistake" : "defect";
  say({ type: "error", message: mistake ? error.message : (error as Error).stack ?? String(error), kind });
  Deno.exit(1);
}
