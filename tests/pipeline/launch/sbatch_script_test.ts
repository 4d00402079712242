// The batch script: what bash and Slurm read in it, with paths that a shell would take apart.
import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { ranges, type SbatchJob, sbatchScript } from "../../../pipeline/launch/_sbatch_script.ts";
import { ending } from "../../../pipeline/launch/_slurm_commands.ts";
import { checkPipeline } from "../../../pipeline/check_pipeline.ts";
import { UserError } from "../../../types.ts";
import { main } from "../../../cli.ts";

const job: SbatchJob = {
  name: "m2m-cde-seed1-folds",
  about: "Folds.",
  run: "/shared/it's $HOME/run",
  log: "/shared/it's $HOME/run/slurm/logs/seed1-fold%a-%A.log",
  seed: 1,
  folds: [0, 1, 2, 5],
  threads: 2,
  denoDir: "/shared/deno",
  settings: { lines: [], setup: [] },
};

/** The #SBATCH lines. */
function directives(script: string): string[] {
  return [...script.matchAll(/^#SBATCH (.*)$/gm)].map(([, text]) => text as string);
}

Deno.test("array tasks are written as Slurm's ranges", () => {
  assertEquals(ranges([0, 1, 2, 5]), "0-2,5");
  assertEquals(ranges([7]), "7");
  assertEquals(ranges([4, 3, 9, 1]), "1,3-4,9");
});

Deno.test("without settings Slurm's own defaults hold, with the threads of the pipeline as processors", () => {
  const lines = directives(sbatchScript(job));
  assert(
    lines.includes("--cpus-per-task=2") && lines.includes("--array=0-2,5") && lines.includes("--ntasks=1"),
  );
  for (const option of ["--partition", "--account", "--time", "--mem", "--gres"]) {
    assertEquals(lines.filter((line) => line.startsWith(option)), []);
  }
});

Deno.test("settings become #SBATCH lines, and lines of shell before the work", () => {
  const settings = {
    partition: "gpu,long",
    account: "lab",
    time: "1-00:00:00",
    memory: "8G",
    gpus: "a100:1",
    cpus: 4,
    maxTasks: 20,
    lines: ["--constraint=avx512"],
    setup: ["module load cuda"],
  };
  const script = sbatchScript({ ...job, settings });
  const wanted =
    "--array=0-2,5%20 --cpus-per-task=4 --partition=gpu,long --account=lab --time=1-00:00:00 --mem=8G --gres=gpu:a100:1 --constraint=avx512";
  for (const line of wanted.split(" ")) assert(directives(script).includes(line), line);
  assert(script.indexOf("\nmodule load cuda\n") > script.lastIndexOf("#SBATCH"));
  assertEquals(
    directives(sbatchScript({ ...job, settings: { ...job.settings, gpus: 0 } })).filter((l) =>
      /gres/.test(l)
    ),
    [],
  );
});

Deno.test({
  name: "bash hands the run folder and the fold to the worker as they are",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    const folder = await Deno.makeTempDir({ prefix: "m2m it's $x " });
    try {
      await Deno.writeTextFile(`${folder}/plan.json`, "{}");
      // In place of Deno a function that prints its arguments, one a line; exec cannot run one.
      const script = sbatchScript({ ...job, run: folder }).replace(
        `exec '${Deno.execPath()}'`,
        "printf '%s\\n'",
      );
      const bash = (env: Record<string, string>) =>
        new Deno.Command("bash", { args: ["-c", script], env: { SLURM_JOB_ID: "9", ...env } }).output();
      const { stdout, code } = await bash({ SLURM_ARRAY_JOB_ID: "9", SLURM_ARRAY_TASK_ID: "5" });
      assertEquals(code, 0);
      const [head, ...args] = new TextDecoder().decode(stdout).trimEnd().split("\n");
      assertMatch(head as string, /^\d{4}-\d\d-\d\d \S+ job 9 task 5 on /);
      assertEquals(args.slice(-3), [folder, '{"kind":"fold","seed":1,"fold":5}', "--detached"]);
      assertMatch(args.at(-4) as string, /^file:.*\/pipeline\/_worker\.ts$/);
      await Deno.remove(`${folder}/plan.json`); // as on a node that does not see the folder
      const blind = await bash({ SLURM_ARRAY_TASK_ID: "5" });
      assertEquals(blind.code, 1);
      assertStringIncludes(
        new TextDecoder().decode(blind.stderr),
        `${folder}/plan.json is not there; put it on a file system that all nodes share.`,
      );
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

Deno.test("the limits that Slurm names come with the setting that moves them", () => {
  const state = { job: "7", reason: "None", node: "n3", exitCode: 0, signal: 0 };
  assertEquals(
    ending({ ...state, state: "OUT_OF_MEMORY" }),
    "it ran out of memory (Slurm: OUT_OF_MEMORY, on n3); give it more with slurm.memory or --memory",
  );
  assertStringIncludes(
    ending({ ...state, state: "TIMEOUT", reason: "TimeLimit" }),
    "it came to its time limit (Slurm: TIMEOUT TimeLimit, on n3)",
  );
  assertEquals(ending({ ...state, state: "NODE_FAIL" }), "its node failed (Slurm: NODE_FAIL, on n3)");
  assertEquals(
    ending({ ...state, state: "FAILED", exitCode: 3 }),
    "it ended with exit code 3 (Slurm: FAILED, on n3)",
  );
  assertStringIncludes(ending({ ...state, state: "FAILED", signal: 9 }), "killed by signal 9");
});

Deno.test("a wrong section slurm is refused with every problem and its line", () => {
  const input = {
    name: "x",
    micro: { databases: ["smic"] },
    slurm: { time: 7200, memory: "8 GB", gpus: "many", lines: ["constraint=a"], partitions: "gpu" },
  };
  const { message, exitCode } = assertThrows(() => checkPipeline(input, "x.yaml"), UserError);
  assertEquals(exitCode, 2);
  assertStringIncludes(message, 'slurm.time: must be text in quotes, such as "2:00:00", found 7200');
  assertStringIncludes(message, 'slurm.memory: must be a number with K, M, G or T, such as 8G, found "8 GB"');
  assertStringIncludes(message, "slurm.gpus: must be a number, or a kind and a number such as a100:1");
  assertStringIncludes(message, "slurm.lines.0: must begin with -");
  assertStringIncludes(message, "slurm.partitions: unknown key (did you mean partition?)");
});

Deno.test("flags of the launcher are checked before anything else", async () => {
  const told = async (...args: string[]) => {
    const { command } = await import("../../../commands/run.ts");
    const error = await assertRejects(() => command(["no.yaml", ...args]), UserError);
    assertEquals(error.exitCode, 2);
    return error.message;
  };
  assertStringIncludes(await told("--launcher", "pbs"), "--launcher must be local or slurm, found pbs");
  assertStringIncludes(await told("--partition", "gpu"), "--partition needs --launcher slurm");
  assertStringIncludes(await told("--detach"), "--detach needs --launcher slurm");
  assertStringIncludes(
    await told("--launcher", "slurm", "--jobs", "2"),
    "--max-tasks says how many folds Slurm runs at once",
  );
  assertStringIncludes(
    await told("--launcher", "slurm", "--memory", "8GB"),
    "--memory must be a number with K, M, G or T, such as 8G, found 8GB",
  );
  assertStringIncludes(await told("--launcher", "slurm", "--cpus", "two"), "--cpus ");
  assertEquals(await main(["status"]), 2);
});
