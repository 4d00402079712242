// Runs under a real Slurm (_slurm_cluster.ts): the bytes of a local run, tasks that are killed, jobs that fail, waiting that is ended.
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { Pipeline, RunStatus } from "../../../pipeline/mod.ts";
import { commandArgs } from "../../_engine.ts";
import { runTiny, testFolder, tinyPipeline } from "../_tiny.ts";
import { noSlurm, type SlurmCluster, startSlurm, until } from "./_slurm_cluster.ts";

const reason = noSlurm();

/** A small CDE: two databases, three folds, MaNet. */
const cde = tinyPipeline({
  name: "small_cde",
  protocol: "cde",
  micro: { databases: ["casme2", "smic"] },
  synthetic: {
    seed: 1,
    subjects: { casme2: 1, smic: 2, samm: 0, ckplus: 2, mmi: 0 },
    clipsPerSubject: 3,
    size: 48,
  },
  stages: {
    macro: { steps: 2, batch: 2 },
    micro: { steps: 6, batch: 2, learningRate: 0.01 },
    guided: { steps: 10, batch: 2, learningRate: 0.01 },
  },
});
const path = (name: string) => `${testFolder()}/${name}`;
const text = (name: string) => Deno.readTextFile(path(name));
const json = async (name: string) => JSON.parse(await text(name));

/** What the runs under Slurm are compared with. */
let first: Promise<string> | undefined;
function local(): Promise<string> {
  first ??= runTiny(cde, "local", { jobs: 1 }).then(({ table }) => table);
  return first;
}

let started: Promise<SlurmCluster> | undefined;

/** A test on the one cluster of this file, which the last test ends. */
function slurmTest(name: string, fn: (cluster: SlurmCluster) => Promise<void>): void {
  Deno.test({
    name: reason ? `${name}; skipped: ${reason}` : name,
    ignore: reason !== undefined,
    sanitizeResources: false, // the daemons live until the last test
    sanitizeOps: false,
    fn: async () => {
      const cluster = await (started ??= startSlurm());
      try {
        await fn(cluster);
      } finally {
        await cluster.run("scancel", "--user=root");
      }
    },
  });
}

/** The command in a process of its own, as a user of the cluster would start it. */
function m2m(cluster: Pick<SlurmCluster, "env">, ...args: string[]): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: commandArgs(...args),
    env: { ...cluster.env, M2M_CACHE: path("cache") },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

async function ended(child: Deno.ChildProcess): Promise<{ code: number; out: string; err: string }> {
  const timer = setTimeout(() => child.kill("SIGKILL"), 200_000);
  const { code, stdout, stderr } = await child.output();
  clearTimeout(timer);
  return { code, out: new TextDecoder().decode(stdout), err: new TextDecoder().decode(stderr) };
}

/** `m2m run` of a pipeline into a folder of this test, under Slurm. */
async function slurmRun(cluster: SlurmCluster, pipeline: Pipeline, out: string, ...args: string[]) {
  await Deno.writeTextFile(path(`${out}.yaml`), JSON.stringify(pipeline)); // JSON is YAML
  return m2m(
    cluster,
    ...[
      "run",
      path(`${out}.yaml`),
      "--data",
      path("data"),
      "--out",
      path(out),
      "--launcher",
      "slurm",
      ...args,
    ],
  );
}

async function status(cluster: SlurmCluster, out: string): Promise<RunStatus> {
  const { code, out: printed, err } = await ended(m2m(cluster, "status", path(out), "--json"));
  assertEquals([code, err], [0, ""]);
  return JSON.parse(printed);
}

/** The pid of the worker of a fold, from its status file, once it is at work. */
async function worker(out: string, fold: number): Promise<number> {
  return await until(async () => {
    const { folds } = await json(`${out}/plan.json`).catch(() => ({ folds: [] }));
    const name = folds[fold]?.name.replace("/", "_");
    const said = await json(`${out}/jobs/seed1/${name}.json`).catch(() => undefined);
    return said?.state === "running" ? said.pid as number : undefined;
  }, 90);
}

slurmTest("the same bytes and the same words as local runs with one and two jobs", async (cluster) => {
  const table = await local();
  await runTiny(cde, "local2", { jobs: 2 });
  const child = ended(await slurmRun(cluster, cde, "slurm"));
  const seen: RunStatus[] = [];
  await until(async () => {
    const now = await status(cluster, "slurm").catch(() => undefined); // there is no run.json at first
    if (now) seen.push(now);
    return now && now.jobs.running > 0 ? now : undefined;
  }, 120);
  const { code, out, err } = await child;
  assertEquals(code, 0, err);
  assertEquals(out.split("\nThe run is in ")[0], table);
  assertStringIncludes(out, `The run is in ${path("slurm")}: `);
  const files = [
    "predictions.csv",
    "summary.json",
    "macro/seed1/manet.safetensors",
    ...(await json("local/plan.json")).folds.map(({ name }: { name: string }) =>
      `folds/seed1/${name.replace("/", "_")}/minet-all.safetensors`
    ),
  ];
  for (const file of files) {
    const bytes = await Deno.readFile(path(`local/${file}`));
    assertEquals(await Deno.readFile(path(`slurm/${file}`)), bytes, file);
    assertEquals(await Deno.readFile(path(`local2/${file}`)), bytes, file);
  }
  assertEquals((await json("slurm/slurm/jobs.json")).length, 2); // MaNet, and one array of three folds
  const at = seen.at(-1) as RunStatus;
  assertEquals([at.state, at.launcher, at.jobs.total], ["running", "slurm", 4]);
  const after = await status(cluster, "slurm");
  assertEquals([after.state, after.jobs.done, after.steps.done], ["complete", 4, after.steps.total]);
});

/** Submissions of a run: what each held. */
async function submissions(out: string): Promise<string[]> {
  const all: { seed: number; folds?: number[] }[] = await json(`${out}/slurm/jobs.json`);
  return all.map(({ folds }) => folds ? `folds ${folds.join()}` : "macro");
}

slurmTest(
  "a task that is cancelled and one whose process is killed are submitted again, to the same bytes",
  async (cluster) => {
    await local();
    const child = ended(await slurmRun(cluster, cde, "killed"));
    const [{ job }] = await until(
      () => json("killed/slurm/jobs.json").then((all) => all[1] && [all[1]], () => undefined),
      60,
    );
    await worker("killed", 0);
    await cluster.run("scancel", `${job}_0`);
    Deno.kill(await worker("killed", 1), "SIGKILL");
    const { code, err } = await child;
    assertEquals(code, 0, err);
    assertEquals(await text("killed/predictions.csv"), await text("local/predictions.csv"));
    const held = await submissions("killed");
    assertEquals(held.slice(0, 2), ["macro", "folds 0,1,2"]);
    assertEquals(held.slice(2).join(" ").match(/\d/g)?.sort(), ["0", "1"]); // in one array or in two
    assertMatch(err, /failed and is tried again: it was cancelled \(Slurm: CANCELLED/);
    assertMatch(err, /failed and is tried again: it was killed by signal 9 \(Slurm: FAILED/);
  },
);

slurmTest(
  "a MaNet that fails is submitted again, and with it the folds that waited for it",
  async (cluster) => {
    await local();
    const setup = [`[ -e '${path("once")}' ] || { touch '${path("once")}'; exit 7; }`]; // of all jobs the first fails
    const { code, err } = await ended(
      await slurmRun(cluster, { ...cde, slurm: { lines: [], setup } }, "manet"),
    );
    assertEquals(code, 0, err);
    assertStringIncludes(err, "MaNet failed and is tried again: it ended with exit code 7 (Slurm: FAILED");
    assertEquals(await submissions("manet"), ["macro", "folds 0,1,2", "macro", "folds 0,1,2"]);
    assertEquals(await text("manet/predictions.csv"), await text("local/predictions.csv"));
  },
);

slurmTest(
  "a fold that fails twice is reported with the end of its log, the others are done, the exit code is 1",
  async (cluster) => {
    await local();
    const setup = ['[ "${SLURM_ARRAY_TASK_ID:-}" != 1 ] || { echo "no luck on this node"; exit 3; }'];
    const { code, out, err } = await ended(
      await slurmRun(cluster, { ...cde, slurm: { lines: [], setup } }, "failing"),
    );
    assertEquals([code, out], [1, ""]);
    assertStringIncludes(err, "is incomplete: 2 of 3 folds are done; one job has failed twice.");
    assertMatch(
      err,
      /\n {2}fold smic\/s\d+: it ended with exit code 3 \(Slurm: FAILED.*\n {4}the end of its log .*fold1-\d+\.log:\n {6}no luck on this node\n/,
    );
    assertEquals(await submissions("failing"), ["macro", "folds 0,1,2", "folds 1"]);
    const { state, jobs, units } = await status(cluster, "failing");
    assertEquals([state, jobs.done, jobs.failed], ["stopped", 3, 1]);
    assertMatch(units.find((unit) => unit.state === "failed")?.reason ?? "", /exit code 3/);
    // The cause is gone: what is missing is submitted, and nothing else.
    const again = await ended(await slurmRun(cluster, cde, "failing", "--resume"));
    assertEquals(again.code, 0, again.err);
    assertEquals((await submissions("failing")).slice(3), ["folds 1"]);
    assertEquals(await text("failing/predictions.csv"), await text("local/predictions.csv"));
  },
);

slurmTest(
  "submitted and left, waited for, left by Ctrl-C, taken up again: nothing is submitted twice",
  async (cluster) => {
    await local();
    const inQueue = "of this run in Slurm's queue already";
    const slow = { ...cde, slurm: { lines: [], setup: ["sleep 6"] } };
    const { code, out, err } = await ended(
      await slurmRun(cluster, slow, "left", "--detach", "--max-tasks", "2"),
    );
    assertEquals(code, 0, err);
    const [manet, array] = (await json("left/slurm/jobs.json")).map(({ job }: { job: string }) => job);
    assertStringIncludes(out, `goes on under Slurm as jobs ${manet}, ${array}.`);
    assertStringIncludes(out, `m2m status ${path("left")}`);
    assertStringIncludes(out, `scancel ${manet} ${array}`);
    assertMatch(await text("left/slurm/seed1-folds.sbatch"), /^#SBATCH --array=0-2%2$/m);
    const before = await status(cluster, "left");
    assertEquals([before.state, before.jobs.waiting >= 3], ["running", true]);
    await until(async () => {
      const { units } = await status(cluster, "left");
      return units[1]?.reason === "Slurm: Dependency" || undefined;
    }, 20);

    const waiting = await slurmRun(cluster, slow, "left", "--resume");
    const words = new TextDecoderStream();
    const piped = waiting.stderr.pipeTo(words.writable);
    const timer = setTimeout(() => waiting.kill("SIGKILL"), 100_000);
    const stopped = { code: 0, err: "" };
    for await (const chunk of words.readable) {
      const found = stopped.err.includes(inQueue);
      stopped.err += chunk;
      if (!found && stopped.err.includes(inQueue)) waiting.kill("SIGINT");
    }
    stopped.code = (await waiting.status).code;
    await piped;
    await waiting.stdout.cancel();
    clearTimeout(timer);
    assertEquals(stopped.code, 1);
    assertStringIncludes(stopped.err, inQueue);
    assertStringIncludes(stopped.err, "the jobs go on under Slurm.");
    assertMatch(stopped.err, new RegExp(`scancel (${manet} )?${array}`));
    const last = await ended(await slurmRun(cluster, slow, "left", "--resume"));
    assertEquals(last.code, 0, last.err);
    assertEquals(await submissions("left"), ["macro", "folds 0,1,2"]);
    assertEquals(await text("left/predictions.csv"), await text("local/predictions.csv"));
  },
);

slurmTest(
  "a job that Slurm refuses is told in its words, and nothing stays in the queue",
  async (cluster) => {
    const { code, out, err } = await ended(await slurmRun(cluster, cde, "refused", "--partition", "gpu"));
    assertEquals([code, out], [1, ""]);
    assertMatch(
      err,
      /\nSlurm refuses .*seed1-macro\.sbatch: invalid partition specified: gpu; Batch job submission failed: Invalid partition name specified\. /,
    );
    assertEquals(await cluster.run("squeue", "--noheader"), "");
    // MaNet is taken, its folds are not: MaNet does not stay either.
    const { err: folds } = await ended(
      await slurmRun(cluster, cde, "refused", "--resume", "--max-tasks", "1", "--sbatch=--array=1-5000"),
    );
    assertStringIncludes(folds, "Invalid job array specification");
    await until(async () => await cluster.run("squeue", "--noheader") === "" || undefined, 20);
  },
);

Deno.test({
  name: "the cluster ends",
  ignore: started === undefined && reason !== undefined,
  fn: async () => await (await started)?.stop(),
});

for (const command of ["run", "ablate"]) {
  Deno.test(`m2m ${command}: without Slurm there is one sentence`, async () => {
    const env = { PATH: "/nowhere" };
    await Deno.writeTextFile(path("none.yaml"), JSON.stringify(cde));
    const { code, err } = await ended(
      m2m(
        { env },
        command,
        path("none.yaml"),
        "--data",
        path("data"),
        "--out",
        path(`none ${command}`),
        "--launcher",
        "slurm",
        "--quiet",
      ),
    );
    assertEquals(code, 1);
    assertEquals(
      err,
      "Cannot use Slurm: the command sbatch is not here; run this on a machine of the cluster (its login node), or leave out --launcher slurm.\n",
    );
  });
}
