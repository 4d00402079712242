// A process that does jobs: `_worker.ts RUN_FOLDER JOB|ENGINE [--detached]`. Speaks to its parent in JSON lines on standard output. When a job is done, or put aside where it may be, the process waits for the next one,
// which is a line on standard input; the line `stop` stops it after a step. It ends when its standard input does: its parent has died, or has no more jobs. Told an engine instead of a first job
// it starts that and waits. Detached (under a batch system, or by hand) it has no parent: it does its one job, ignores standard input, says plain lines, and stops after a
// step on SIGTERM or SIGINT.
import { startEngine } from "../engine/mod.ts";
import { type Fold, UserError } from "../types.ts";
import { removeLeftovers } from "./_leftovers.ts";
import { linesOf } from "../lines_of.ts";
import { type FolderLock, holderText, isLock, takeLock } from "./folder_lock.ts";
import type { EngineOrder, Message, Order } from "./jobs.ts";
import { jobStatusFile, JobStatusWriter } from "./job_status.ts";
import { MacroMissing } from "./macro_missing.ts";
import { methodOf } from "./methods/mod.ts";
import type { Plan } from "./plan.ts";
import { foldFolder, isMacroDone, macroFolder, planFile, readFold, unfinishedFolder } from "./run_folder.ts";
import { SharedWork } from "./shared_work.ts";
import { type Standing, standingText } from "./standing.ts";
import { tellError } from "./_told_error.ts";
import { Stopped } from "./training_state.ts";

const [run, first] = [Deno.args[0] as string, JSON.parse(Deno.args[1] as string) as Order | EngineOrder];
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

let stopping = false, working = true;
const stop = () => {
  stopping = true;
};
listen("SIGTERM", stop);
listen("SIGINT", detached ? stop : () => {}); // the terminal tells all processes at once, and the parent tells this one what to do
if (!detached) {
  listen("SIGHUP", () => {});
  listenToParent();
}

/** Jobs that the parent has sent and that have not begun; who waits for the next one is told. */
const jobs: Order[] = [];
let sent = () => {};

async function listenToParent(): Promise<void> {
  for await (const line of linesOf(Deno.stdin.readable)) {
    if (line === "stop") stop();
    else {
      jobs.push(JSON.parse(line) as Order);
      sent();
    }
  }
  Deno.exit(working ? 1 : 0);
}

async function nextJob(): Promise<Order> {
  working = false;
  while (jobs.length === 0) await new Promise<void>((resolve) => sent = resolve);
  working = true;
  return jobs.shift() as Order;
}

function listen(signal: Deno.Signal, listener: () => void): void {
  if (Deno.build.os === "windows" && signal !== "SIGINT") return;
  Deno.addSignalListener(signal, listener);
}

/** Tells the parent and the job's file how a job goes. */
function reporter(status: JobStatusWriter): {
  report: (done: number, at: Standing) => Promise<void>;
  resumed: (done: number) => void;
} {
  let lastSaid = 0, lastBreath = 0;
  let resumed = 0; // said once, before the first step
  return {
    resumed(done) {
      resumed = done;
    },
    async report(done, at) {
      if (resumed > 0) {
        say({ type: "resumed", done: resumed });
        resumed = 0;
      }
      await status.step(done, at);
      const now = performance.now();
      if (now - lastSaid >= (detached ? 30_000 : 200)) {
        lastSaid = now;
        say({ type: "step", done, at });
      }
      if (now - lastBreath < 100) return;
      lastBreath = now;
      // Lets signals and standard input be heard. A timer takes 2 ms, but with setImmediate a signal is heard nine breaths later, and a line 26.
      await new Promise((resolve) => setTimeout(resolve));
    },
  };
}

/** One process at a time works on a job: one whose parent has just been killed may still be at its last step. */
async function lockJob(folder: string): Promise<FolderLock> {
  const end = performance.now() + 60_000;
  for (;;) {
    const taken = await takeLock(`${unfinishedFolder(folder)}/lock`, (text) => say({ type: "note", text }));
    if (isLock(taken)) {
      await removeLeftovers(unfinishedFolder(folder));
      return taken;
    }
    if (performance.now() > end) {
      throw new UserError(`Cannot work on ${folder}: ${holderText(taken)}, is at it.`);
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** Where the job at work stands; its last word is said here too. */
let status: JobStatusWriter | undefined;
/** Jobs of a run are alike. */
const shared = new SharedWork();

async function readPlan(): Promise<Plan> {
  return JSON.parse(await Deno.readTextFile(planFile(run)));
}

async function start({ engine, threads }: EngineOrder): Promise<void> {
  await startEngine(engine, { threads, say: () => {} });
}

/** Does a job; its folder is there in whole then, or, where it may wait or its order ends, what it has done is kept. */
async function work({ mayWait = false, until = Infinity, ...job }: Order): Promise<"done" | "waits"> {
  const plan = await readPlan();
  const name = job.kind === "fold" ? (plan.folds[job.fold] as Fold).name : "";
  const isDone = async () =>
    job.kind === "macro"
      ? await isMacroDone(run, job.seed)
      : await readFold(run, job.seed, name) !== undefined;
  const folder = job.kind === "macro" ? macroFolder(run, job.seed) : foldFolder(run, job.seed, name);
  const lock = await lockJob(folder);
  if (await isDone()) { // by a process that this one waited for
    await Deno.remove(unfinishedFolder(folder), { recursive: true });
  } else {
    await start({ engine: plan.engine, threads: plan.pipeline.threadsPerFold });
    const method = methodOf(plan.pipeline);
    const steps = job.kind === "macro"
      ? method.macroSteps(plan.pipeline)
      : method.foldSteps(plan, plan.folds[job.fold] as Fold);
    status = new JobStatusWriter(jobStatusFile(run, job, name), steps);
    await status.start();
    const { report, resumed } = reporter(status);
    let made = 0;
    const options = {
      stop: () => stopping || made >= until,
      resumed,
      say: (text: string) => say({ type: "note", text }),
      shared,
    };
    try {
      if (job.kind === "macro") await method.trainMacro(plan, run, job.seed, report, options);
      else {
        await method.trainFold(plan, run, job.fold, job.seed, (done, at) => report(made = done, at), options);
      }
    } catch (error) {
      const aside = error instanceof MacroMissing ? mayWait : error instanceof Stopped && !stopping;
      if (!aside) throw error;
      await status.end("stopped");
      status = undefined;
      await lock.release();
      return "waits";
    }
  }
  await status?.end("done");
  status = undefined;
  await lock.release(); // whoever takes it next finds the job done
  return "done";
}

try {
  if ("engine" in first) await start(first);
  for (let job = ("engine" in first) ? await nextJob() : first;; job = await nextJob()) {
    say({ type: await work(job) });
    if (detached) Deno.exit(0);
  }
} catch (error) {
  if (error instanceof Stopped) {
    await status?.end("stopped");
    say({ type: "stopped" });
    Deno.exit(detached ? 143 : 0); // to a batch system that asked for it, the job is not done
  }
  await status?.end("failed", (error as Error).message);
  say(tellError(error));
  Deno.exit(1);
}
