/**
 * The command: parses arguments, calls `pipeline`, `data`, `eval`. Results go to standard output, progress and messages to
 * standard error; exit code 0 done, 1 failed, 2 wrong use. Each command's code is loaded only when it is called.
 */
import { UserError } from "./types.ts";

const usage = `Macro2Micro: micro-expression recognition guided by macro-expressions

  m2m run PIPELINE.yaml|SUITE.yaml [--data DIR] [--out DIR] [--seeds 1..5] [--resume] [--jobs N] [--small]
          [--peek] [--json]
          [--quiet | --progress auto|live|plain|json|none]
                                      train and evaluate under the pipeline's protocol; of a suite every pipeline, and a table of
                                      all beside what is published
          --launcher slurm [--partition P] [--account A] [--time LIMIT] [--memory SIZE] [--gpus N] [--cpus N]
          [--max-tasks N] [--sbatch=OPTION] [--detach]
                                      the same as jobs of Slurm: MaNet, then the folds as a job array
  m2m status RUN [--json]             what of a run is done, running, waiting or failed; only reads
  m2m audit RUN [--data DIR] [--identities FILE] [--quiet] [--json]
                                      prove that nothing of a tested subject reached its training
  m2m score FILE... [--json]          scores of MEGC2019 logs or predictions.csv files, pooled
  m2m ablate PIPELINE.yaml [--json|--csv|--latex] and the options of m2m run, but for --peek
                                      the six rows of the paper's Tables 2 and 3, beside the paper's figures
  m2m ablate --from RUN [--json|--csv|--latex]
                                      the same of a run that is there, finished or not
  m2m compare RUN RUN... [--against RUN] [--seeds 1..5] [--common] [--published] [--json|--csv|--latex]
                                      scores, differences and tests of runs over the same clips; RUN is a run folder, a row of
                                      one (DIR:ROW), a predictions.csv or a MEGC2019 log
  m2m compare SUITE [--seeds 1..5] [--json|--csv|--latex]
                                      the table of a suite's folder again
  m2m report RUN... [--faces] [--out FILE.html] [--csv DIR] [--json|--latex]
                                      the page of a run again, or of several side by side; face images only with --faces; its
                                      tables as CSV, JSON or LaTeX rows
  m2m predict INPUT... --model RUN [--fold NAME] [--row ROW] [--seed N] [--fps N] [--window SECONDS] [--step SECONDS]
              [--clip-up-to SECONDS] [--onset AT] [--apex AT] [--offset AT] [--page FILE.html [--faces]]
              [--engine NAME] [--quiet] [--json|--csv]
                                      the expressions in videos, folders of images (--fps) or standard input (-), by a run's
                                      networks or a folder of m2m export; AT is a frame's number or seconds (0.4s)
  m2m train-final PIPELINE.yaml --out DIR [--data DIR] [--row R] [--seed S] [--resume] [--small] [--quiet] [--json]
                                      one model of all subjects, marked as not evaluated
  m2m export RUN|MODEL --out DIR [--fold NAME | --ensemble] [--row R] [--seed S] [--json]
                                      a trained model as a folder: safetensors, and a loader for PyTorch; for the browser too
  m2m inspect MODEL [--fold NAME] [--row R] [--seed N] [--port N | --out FOLDER]
                                      a web page that holds the model: drop a clip or use the camera, see face, crop, motion,
                                      apex, probabilities, saliency; served here, or a folder for any static host
  m2m data prepare --data DIR [--databases A,B] | --database NAME --root DIR [--table FILE]
                   --out DIR [--align face|none] [--crop L,T,W,H] [--eye-distance PART] [--eye-line PART]
                   [--least-score PART] [--size PIXELS] [--grey] [--magnify ALPHA [--band LOW,HIGH]]
                   [--spot missing|all|none] [--frames T [--interpolation linear|tim]] [--flow png|npy|none]
                   [--flow-size PIXELS] [--list FILE] [--skip-images] [--jobs N] [--cache DIR] [--verify]
                   [--quiet] [--json]
                                      find, align and crop faces, spot apices, take optical flow
  m2m data synth DIR [--seed N] [--subjects N] [--clips N] [--size PIXELS] [--replace] [--json]
                                      make the synthetic databases
  m2m data check --database NAME [--root DIR] [--table FILE] [--camera HS|VIS|NIR] [--frames FOLDER]
                 [--corrections FILE|none] [--fast] [--json]
                                      check a database on disk, or its table alone, against itself and the published counts
  m2m data show --database NAME --root DIR [--out FILE.html] [--faces] [--clips N] [--table FILE] [--camera HS|VIS|NIR]
                [--frames FOLDER]     a page about a database: counts, clips, flow, problems; face images only with --faces
  m2m engine [install [--from npm] [--cuda] | uninstall | check] [--json]
                                      which tensor engines are here; install the native one; compare them
  m2m schema [pipeline|suite]         the JSON Schema of pipeline files or of suites, for editors

Exit code: 0 done, 1 failed, 2 wrong use.`;

/** Each command by name; its module gives a function from arguments to an exit code. */
const commands: Record<string, () => Promise<{ command(args: string[]): Promise<number> }>> = {
  run: () => import("./commands/run.ts"),
  status: () => import("./commands/status.ts"),
  audit: () => import("./commands/audit.ts"),
  score: () => import("./commands/score.ts"),
  compare: () => import("./commands/compare.ts"),
  ablate: () => import("./commands/ablate.ts"),
  report: () => import("./commands/report.ts"),
  predict: () => import("./commands/predict.ts"),
  "train-final": () => import("./commands/train_final.ts"),
  export: () => import("./commands/export.ts"),
  inspect: () => import("./commands/inspect.ts"),
  data: () => import("./commands/data.ts"),
  engine: () => import("./commands/engine.ts"),
  schema: () => import("./commands/schema.ts"),
};

/** Runs the command line and gives its exit code; a user's mistake is one message on standard error, without a stack trace. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    return await dispatch(args);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    console.error(error.message);
    return error.exitCode;
  }
}

async function dispatch(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === "help" || name === "--help" || name === "-h") {
    console.log(usage);
    return name === undefined ? 2 : 0;
  }
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!load) {
    const { nearest } = await import("./nearest.ts");
    throw new UserError(
      `There is no command ${name}${nearest(name, Object.keys(commands))}; see m2m --help.`,
      2,
    );
  }
  if (rest.includes("--help") || rest.includes("-h")) {
    console.log(usage);
    return 0;
  }
  return await (await load()).command(rest);
}

if (import.meta.main) Deno.exit(await main(Deno.args)); // signal listeners would keep the process alive
