// What m2m status says of runs: complete, at work, killed, failed, seen from another machine, and of folders that are none.
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import type { JobStatus } from "../../pipeline/job_status.ts";
import { runStatus, statusText, type UnitStatus } from "../../pipeline/mod.ts";
import { UserError } from "../../types.ts";
import { commandArgs } from "../_engine.ts";
import { runTiny, testFolder, tinyPipeline } from "./_tiny.ts";

const pipeline = tinyPipeline({ rows: ["lc", "all"] });
const path = (name: string) => `${testFolder()}/${name}`;
const json = async (name: string) => JSON.parse(await Deno.readTextFile(path(name)));

let made: Promise<unknown> | undefined;
const complete = () => made ??= runTiny(pipeline, "complete");

/** The files of a folder with their times. */
function* files(folder: string): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    const file = `${folder}/${name}`;
    if (isDirectory) yield* files(file);
    else yield `${file} ${Deno.statSync(file).mtime?.getTime()}`;
  }
}

/** A run folder with the plan of the complete one and nothing done: two folds, MaNet. */
async function begun(out: string): Promise<string> {
  await complete();
  await Deno.mkdir(path(out), { recursive: true });
  for (const file of ["run.json", "plan.json"]) {
    await Deno.copyFile(path(`complete/${file}`), path(`${out}/${file}`));
  }
  return path(out);
}

const at = (seconds: number) => new Date(Date.parse("2026-05-01T12:00:00Z") + 1000 * seconds).toISOString();
const now = Date.parse(at(1000));

/** Writes what a worker on another machine would have said. */
async function say(run: string, name: string, said: Partial<JobStatus>): Promise<void> {
  await Deno.mkdir(`${run}/jobs/seed1`, { recursive: true });
  const whole: JobStatus = {
    state: "running",
    done: 0,
    total: 9,
    resumedAt: 0,
    startedAt: at(0),
    at: at(990),
    host: "another-machine",
    pid: 1,
    ...said,
  };
  await Deno.writeTextFile(`${run}/jobs/seed1/${name}.json`, JSON.stringify(whole));
}

async function foldNames(): Promise<string[]> {
  return (await json("complete/plan.json")).folds.map(({ name }: { name: string }) => name.replace("/", "_"));
}

Deno.test("a complete run: every job done, the scores of summary.json, and the folder stays as it is", async () => {
  await complete();
  const before = [...files(path("complete"))];
  const status = await runStatus(path("complete"));
  assertEquals([...files(path("complete"))], before);
  assertEquals(status.state, "complete");
  assertEquals(status.jobs, { done: 3, running: 0, waiting: 0, failed: 0, silent: 0, total: 3 });
  // MaNet 2 steps; a fold 3 steps of stage (b) for each of two video features, and 3 of (c) for each of two rows.
  assertEquals(status.steps, { done: 2 + 2 * 12, total: 2 + 2 * 12 });
  assertEquals(status.summary, await json("complete/summary.json"));
  assertEquals(status.launcher, "local");
  for (const unit of status.units) {
    assertEquals([unit.host, unit.standing?.step], [Deno.hostname(), unit.standing?.steps]);
  }
});

Deno.test("a run at work tells stage, epoch and loss; killed, it is said to be silent and stopped", async () => {
  await complete();
  const stages = {
    macro: { steps: 4000, batch: 2 },
    micro: { steps: 2, batch: 2 },
    guided: { steps: 2, batch: 2 },
  };
  await Deno.writeTextFile(path("long.yaml"), JSON.stringify(tinyPipeline({ stages })));
  const parent = new Deno.Command(Deno.execPath(), {
    args: commandArgs("run", path("long.yaml"), "--data", path("data"), "--out", path("long")),
    env: { M2M_CACHE: path("cache") },
    stdout: "null",
    stderr: "null",
  }).spawn();
  let manet: UnitStatus | undefined;
  for (let i = 0; i < 600 && !(manet?.standing && manet.standing.step > 1); i++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    manet = (await runStatus(path("long")).catch(() => undefined))?.units[0];
  }
  const status = await runStatus(path("long"));
  const { standing, done, total, host, age, secondsLeft } = status.units[0] as UnitStatus;
  assertEquals([status.state, status.units[0]?.state, status.units[1]?.state], [
    "running",
    "running",
    "waiting",
  ]);
  assertEquals([standing?.stage, standing?.steps, total, host], ["macro", 4000, 4000, Deno.hostname()]);
  assertEquals(standing?.step, done);
  assert(
    (standing?.values.expression ?? 0) > 0 && (standing?.epoch ?? 0) >= 1 && (secondsLeft ?? 0) > 0 &&
      (age ?? 99) < 20,
  );
  assertEquals(status.secondsLeft, undefined); // how many folds will be at work is not known
  assertMatch(
    statusText(status),
    /\n {4}MaNet: MaNet step \d+\/4000, epoch \d+\/\d+, loss [\d.e-]+, \d+ %, .* left, on .*, last sign of life \d+ s ago/,
  );
  parent.kill("SIGKILL");
  await parent.status;
  let killed = await runStatus(path("long"));
  for (let i = 0; i < 100 && killed.state === "running"; i++) { // its child sees its end
    await new Promise((resolve) => setTimeout(resolve, 100));
    killed = await runStatus(path("long"));
  }
  assertEquals([killed.state, killed.units[0]?.state], ["stopped", "silent"]);
  assertStringIncludes(
    statusText(killed),
    "stopped: nobody is at work on what is missing; the run's command with --resume goes on",
  );
});

Deno.test("from another machine the last sign of life decides", async () => {
  const run = await begun("elsewhere");
  await say(run, "macro", { at: at(995) });
  assertEquals((await runStatus(run, { now })).units[0]?.state, "running");
  assertEquals((await runStatus(run, { now })).units[0]?.age, 5);
  const later = await runStatus(run, { now: now + 3600_000 });
  assertEquals([later.state, later.units[0]?.state], ["stopped", "silent"]);
  assertStringIncludes(statusText(later), "nothing heard for 1 h 0 min");
});

Deno.test("the time that is left is that of the missing steps at the speed of the folds at work", async () => {
  const run = await begun("speeds");
  await Deno.mkdir(`${run}/macro/seed1`, { recursive: true });
  await Deno.writeTextFile(`${run}/macro/seed1/manet.safetensors`, "");
  const [first, second] = await foldNames() as [string, string];
  await say(run, first, { done: 6, total: 12, at: at(60) }); // 0.1 steps a second: 60 s for the other 6
  await say(run, second, { done: 6, resumedAt: 4, total: 12, at: at(40) }); // 0.05 a second since it was taken up: 120 s
  const status = await runStatus(run, { now: Date.parse(at(61)) });
  assertEquals(status.units.map(({ secondsLeft }) => secondsLeft), [undefined, 60, 120]);
  assertEquals(status.secondsLeft, 120); // 12 steps at 0.15 a second are 80 s, but the slower fold alone needs 120
  assertEquals(status.jobs, { done: 1, running: 2, waiting: 0, failed: 0, silent: 0, total: 3 });
  await say(run, second, { done: 0, total: 12, at: at(40) }); // no speed yet
  assertAlmostEquals((await runStatus(run, { now: Date.parse(at(61)) })).secondsLeft ?? 0, 18 / 0.1);
});

Deno.test("a job that failed tells why, until another process takes it up", async () => {
  const run = await begun("failed");
  await say(run, "macro", { state: "failed", failure: "Cannot read the clip: it is gone." });
  const status = await runStatus(run, { now });
  assertEquals([status.state, status.units[0]?.state], ["stopped", "failed"]);
  assertStringIncludes(statusText(status), "\n  failed:\n    MaNet: Cannot read the clip: it is gone.");
  await say(run, "macro", {});
  assertEquals((await runStatus(run, { now })).units[0]?.state, "running");
});

Deno.test("a run that is all done but not scored says so", async () => {
  await complete();
  const run = await begun("unscored");
  for (const name of await foldNames()) {
    await Deno.mkdir(`${run}/folds/seed1/${name}`, { recursive: true });
    await Deno.copyFile(
      path(`complete/folds/seed1/${name}/predictions.json`),
      `${run}/folds/seed1/${name}/predictions.json`,
    );
  }
  const status = await runStatus(run);
  assertEquals([status.state, status.summary], ["unscored", undefined]);
});

Deno.test("folders that are no run get a sentence, and the command exit code 1", async () => {
  await complete();
  await Deno.mkdir(path("empty"), { recursive: true });
  const told = async (run: string) => (await assertRejects(() => runStatus(run), UserError)).message;
  assertStringIncludes(await told(path("nowhere")), "nowhere: there is no such folder.");
  assertStringIncludes(
    await told(path("complete/run.json")),
    "run.json: it is a file; name the folder of a run.",
  );
  assertStringIncludes(
    await told(path("empty")),
    "empty: it is not the folder of a run (there is no run.json in it)",
  );
  const run = await begun("half");
  await Deno.remove(`${run}/plan.json`);
  assertStringIncludes(await told(run), "it has no plan.json, so that its run ended before any training");
  await Deno.writeTextFile(`${run}/plan.json`, '{"pipe');
  assertStringIncludes(await told(run), "its plan.json is damaged");
  const command = (...args: string[]) =>
    new Deno.Command(Deno.execPath(), {
      args: commandArgs("status", ...args),
    }).output();
  const [none, wrong, right] = await Promise.all([
    command(path("nowhere")),
    command(),
    command(path("complete")),
  ]);
  assertEquals([none.code, wrong.code, right.code], [1, 2, 0]);
  assertEquals(
    new TextDecoder().decode(none.stderr),
    `Cannot tell the status of ${path("nowhere")}: there is no such folder.\n`,
  );
  assertMatch(
    new TextDecoder().decode(right.stdout),
    /: tiny \(loso, seed 1, engine \w+\)\n {2}complete\n {2}3 jobs: 3 done; 100 % of the steps\n$/,
  );
});
