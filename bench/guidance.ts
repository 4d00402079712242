/**
 * Whether the guidance works, and not only runs: trains MaNet, MiNet and the guided rows on synthetic databases of a fixed
 * seed and measures features of subjects that no network and no probe has seen. docs/guidance.md explains the figures.
 *   deno task deno run -A bench/guidance.ts [--quick] [--seeds 1,2,3] [--steps 1200] [--batch 12]
 *     [--learning-rate 0.001] [--heads-rate 1] [--weights 1,1,2,0.1] [--schedule constant] [--scale 1] [--start scratch] [--beta1 0] [--plain]
 *     [--faces 21] [--only "f^A: lc;f^A: lc_ls"] [--engine wasm] [--data DIR] [--json]
 *   deno task deno run -A bench/guidance.ts --of a.json,b.json    the table of results kept with --json
 */
import { parseArgs } from "@std/cli";
import { startEngine } from "../engine/mod.ts";
import { makePlan } from "../pipeline/make_plan.ts";
import type { Plan } from "../pipeline/plan.ts";
import { clipFeatures } from "./guidance/_features.ts";
import { measure, type Measures } from "./guidance/_measure.ts";
import { type Knobs, pipelineOf, settings, type Variant, variants } from "./guidance/_settings.ts";
import { disposeStart, splitSubjects, trainStart, trainVariant } from "./guidance/_train.ts";
import { table } from "./guidance/_table.ts";
import * as tf from "@tensorflow/tfjs";

/** What {@linkcode measureGuidance} is told. */
export interface GuidanceOptions extends Knobs {
  /** One training of everything each; a seed also says which third of the subjects is unseen. */
  readonly seeds: readonly number[];
  /** Names of the variants to train; all without it. */
  readonly only?: readonly string[];
  /** Where the synthetic databases are, or are made. */
  readonly data: string;
  /** The folder of decoded clips. @default as of `m2m run` */
  readonly cache?: string;
  /** The engine; the best one here without it. */
  readonly engine?: string;
  /** Hears of progress. */
  readonly say: (line: string) => void;
}

/** A variant of a seed. */
export interface GuidanceResult {
  readonly variant: string;
  readonly seed: number;
  readonly measures: Measures;
  /** Losses and accuracies in training, mean of the last 20 steps. */
  readonly training: Readonly<Record<string, number>>;
}

/** Settings that the printed figures of docs/guidance.md come from. */
export const defaults: Knobs = {
  steps: 1200,
  batch: 12,
  learningRate: 0.001,
  headsRate: 1,
  weights: [1, 1, 2, 0.1],
  scale: 1,
  start: "scratch",
  schedule: "constant",
  beta1: 0,
  augment: true,
  faces: 21,
  quick: false,
};

/** Trains and measures every variant with every seed. */
export async function measureGuidance(options: GuidanceOptions): Promise<GuidanceResult[]> {
  const { seeds, data, say, only } = options;
  const chosen: readonly Variant[] = variants.filter(({ name }) => only?.includes(name) ?? true);
  const engine = await startEngine(options.engine, { say });
  const results: GuidanceResult[] = [];
  for (const setting of Object.keys(settings)) {
    const members = chosen.filter((variant) => variant.setting === setting);
    if (members.length === 0) continue;
    const plan = await makePlan(pipelineOf(members[0] as Variant, options), engine.name, {
      data,
      ...(options.cache === undefined ? {} : { cache: options.cache }),
      small: false,
      say,
    });
    for (const seed of seeds) results.push(...await measureSetting(plan, members, seed, options));
  }
  return results;
}

/** Stages (a) and (b) once, (c) for each variant. */
async function measureSetting(
  plan: Plan,
  members: readonly Variant[],
  seed: number,
  options: GuidanceOptions,
): Promise<GuidanceResult[]> {
  const { say } = options;
  const run = await Deno.makeTempDir({ prefix: "m2m-guidance-" });
  const results: GuidanceResult[] = [];
  try {
    const micro = splitSubjects(plan.micro, seed), macro = splitSubjects(plan.macro, seed);
    let began = performance.now();
    const start = await trainStart(plan, micro, macro, run, seed);
    say(`seed ${seed}: stages (a) and (b) in ${seconds(began)}`);
    for (const variant of members) {
      began = performance.now();
      const pipeline = pipelineOf(variant, options);
      const { params, last } = await trainVariant(start, pipeline);
      const features = (part: "seen" | "unseen") => [
        ...clipFeatures({ ...plan, pipeline }, micro[part], true, params, start.manet),
        ...clipFeatures({ ...plan, pipeline }, macro[part], false, params, start.manet),
      ];
      const measures = measure(features("seen"), features("unseen"));
      tf.dispose(params);
      results.push({ variant: variant.name, seed, measures, training: last });
      say(`seed ${seed}: ${variant.name} in ${seconds(began)}: ${brief(measures)}`);
      say(
        `  training: ${
          Object.entries(last).map(([name, value]) => `${name} ${value.toFixed(3)}`).join(", ")
        }`,
      );
    }
    disposeStart(start);
  } finally {
    await Deno.remove(run, { recursive: true });
  }
  return results;
}

/** One line of the figures that a variant is about. */
function brief({ apexProbe, videoProbe, relation, sameClass, otherClass }: Measures): string {
  const figures = {
    "f^A probe": apexProbe.fromUnseen.common.auc,
    "v(s) probe": videoProbe.fromUnseen.common.auc,
    "C_s": (relation.none.micro + relation.none.macro) / 2,
    "gap": sameClass - otherClass,
  };
  return Object.entries(figures).filter(([, value]) => !Number.isNaN(value)).map(([name, value]) =>
    `${name} ${value.toFixed(3)}`
  ).join(", ");
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}

if (import.meta.main) {
  const args = parseArgs(Deno.args, {
    string: [
      ...[
        "seeds",
        "steps",
        "batch",
        "learning-rate",
        "heads-rate",
        "weights",
        "schedule",
        "scale",
        "start",
        "faces",
        "of",
        "beta1",
      ],
      ...["only", "engine", "data"],
    ],
    boolean: ["quick", "json", "plain"],
  });
  const text = (name: string, otherwise: string) => String(args[name] ?? otherwise);
  const number = (name: string, otherwise: number) => Number(args[name] ?? otherwise);
  const choice = <T extends string>(name: string, choices: readonly T[], otherwise: T): T => {
    const found = text(name, otherwise);
    if ((choices as readonly string[]).includes(found)) return found as T;
    throw new RangeError(`Cannot measure: --${name} must be one of ${choices.join(", ")}, found ${found}`);
  };
  if (args.of) {
    const kept = text("of", "").split(",").flatMap((file) =>
      JSON.parse(Deno.readTextFileSync(file), (_, value) => value ?? NaN) // JSON has null for NaN
    );
    console.log(table(kept));
    Deno.exit();
  }
  const quick = Boolean(args.quick);
  const weights = text("weights", defaults.weights.join()).split(",").map(Number);
  const results = await measureGuidance({
    steps: number("steps", quick ? 4 : defaults.steps),
    batch: number("batch", defaults.batch),
    learningRate: number("learning-rate", defaults.learningRate),
    headsRate: number("heads-rate", defaults.headsRate),
    weights: weights as unknown as Knobs["weights"], // the pipeline's schema refuses what is no weight
    scale: number("scale", defaults.scale),
    start: choice("start", ["scratch", "macro"], defaults.start),
    schedule: choice("schedule", ["constant", "ganin"], defaults.schedule),
    beta1: number("beta1", defaults.beta1),
    augment: !args.plain,
    faces: number("faces", defaults.faces),
    quick,
    seeds: text("seeds", quick ? "1" : "1,2,3").split(",").map(Number),
    data: text(
      "data",
      `databases/synthetic-guidance-${number("faces", defaults.faces)}${quick ? "-quick" : ""}`,
    ),
    ...(args.engine ? { engine: String(args.engine) } : {}),
    ...(args.only ? { only: String(args.only).split(";") } : {}),
    say: (line) => console.error(line),
  });
  console.log(args.json ? JSON.stringify(results, null, 2) : table(results));
}
