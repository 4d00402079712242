// Chooses STSTNet's learning rate and sampling for experiments/ststnet_cde.yaml by inner splits of training subjects, with the
// pipeline's own training code. Prints its table; what is done stays in --out, and the same command goes on with it.
//   deno task deno run -A tools/select_ststnet.ts --data DIR --out DIR [--jobs 2]
//
// How: the subjects are split into four quarters, stratified by database. For each pair of quarters and each setting a network is trained on the
// other two, and predicts both quarters of the pair. The setting for quarter q is the one with the highest UF1 of the networks that saw
// nothing of q: each of the other three quarters is predicted once, from the two that remain (pooled, then averaged over the seeds).
// So no quarter's setting was chosen with its own subjects.
// Fixed before it was run: 170 steps of 64; a tie goes to the setting named first. The pipeline has one setting; where the quarters
// disagree, it is the smallest learning rate among those chosen, and random sampling unless all chose balanced.
import { parseArgs } from "@std/cli";
import { seededRandom } from "../engine/mod.ts";
import { score } from "../eval/mod.ts";
import { runJob } from "../pipeline/jobs.ts";
import { makePlan } from "../pipeline/make_plan.ts";
import { readPipeline } from "../pipeline/mod.ts";
import type { Plan, PlanClip } from "../pipeline/plan.ts";
import { planFile, readFold } from "../pipeline/run_folder.ts";
import { writeWhole } from "../pipeline/write_whole.ts";
import type { Fold, Prediction } from "../types.ts";

const learningRates = [0.0003, 0.001, 0.003];
const samplings = ["random", "balanced"] as const;
const settings = learningRates.flatMap((learningRate) =>
  samplings.map((sampling) => ({ learningRate, sampling }))
);
const seeds = [101, 102]; // none of the seeds of the run that is scored
const quarters = [0, 1, 2, 3];
const pairs = [[0, 1], [0, 2], [0, 3], [1, 2], [1, 3], [2, 3]] as const;
const pairName = (a: number, b: number) => `${Math.min(a, b)}-${Math.max(a, b)}`;

const args = parseArgs(Deno.args, { string: ["data", "out", "jobs"] });
const { data, out } = args as { data?: string; out?: string };
if (!data || !out) throw new TypeError("Cannot select: name --data DIR and --out DIR");

const base = await readPipeline(new URL("../experiments/ststnet_cde.yaml", import.meta.url).pathname);
const say = (line: string) => console.error(line);
const whole = await makePlan(base, "wasm", { data, small: false, say });
const quarterOf = dealSubjects(whole.micro);
const runOf = ({ learningRate, sampling }: typeof settings[number]) => `${out}/${sampling}-${learningRate}`;

const todo: (() => Promise<unknown>)[] = [];
for (const setting of settings) {
  const plan = planOf(setting);
  await writeWhole(planFile(runOf(setting)), JSON.stringify(plan));
  for (const seed of seeds) {
    for (const [fold, { name }] of plan.folds.entries()) {
      if (await readFold(runOf(setting), seed, name)) continue;
      todo.push(() =>
        runJob(runOf(setting), { kind: "fold", seed, fold }, {
          threads: 1,
          signal: new AbortController().signal,
          onMessage: () => {},
        })
      );
    }
  }
}
const all = todo.length;
const began = performance.now();
await Promise.all(Array.from({ length: Number(args["jobs"] ?? 1) }, async () => {
  for (let next = todo.shift(); next; next = todo.shift()) {
    await next();
    say(`${all - todo.length} of ${all} networks begun or done`);
  }
}));
say(`trained ${all} networks in ${((performance.now() - began) / 1000).toFixed(0)} s`);

console.log("| sampling | learning rate |" + quarters.map((q) => ` quarter ${q} |`).join(""));
console.log("|---|---|" + quarters.map(() => "---|").join(""));
const uf1: number[][] = [];
for (const setting of settings) {
  const row = await Promise.all(quarters.map((q) => innerUf1(setting, q)));
  uf1.push(row);
  console.log(
    `| ${setting.sampling} | ${setting.learningRate} |` + row.map((x) => ` ${x.toFixed(4)} |`).join(""),
  );
}
const chosen = quarters.map((q) => {
  const column = uf1.map((row) => row[q]!);
  return settings[column.indexOf(Math.max(...column))]!;
});
for (const q of quarters) {
  console.log(`quarter ${q}: ${chosen[q]!.sampling} sampling, learning rate ${chosen[q]!.learningRate}`);
}
const agreed = chosen.every((choice) => choice === chosen[0]);
const learningRate = Math.min(...chosen.map((choice) => choice.learningRate));
const sampling = chosen.every((choice) => choice.sampling === "balanced") ? "balanced" : "random";
console.log(
  `${
    agreed ? "All quarters agree" : "The quarters disagree; by the rule"
  }: ${sampling} sampling, learning rate ${learningRate}`,
);
Deno.exit(0);

/** The quarter of each subject, by `database/subject`: shuffled within its database, then dealt round, on across databases. */
function dealSubjects(clips: readonly PlanClip[]): ReadonlyMap<string, number> {
  const databases = [...new Set(clips.map((clip) => clip.database))].sort();
  const order = databases.flatMap((database) => {
    const own = clips.filter((clip) => clip.database === database).map((clip) =>
      `${database}/${clip.subject}`
    );
    return seededRandom("ststnet quarters").fork(database).shuffle([...new Set(own)].sort());
  });
  return new Map(order.map((subject, i) => [subject, i % quarters.length]));
}

/** The pipeline with a setting, its folds the pairs of quarters. */
function planOf({ learningRate, sampling }: typeof settings[number]): Plan {
  const at = whole.micro.map((clip) => quarterOf.get(`${clip.database}/${clip.subject}`)!);
  const indices = (wanted: (quarter: number) => boolean) => at.flatMap((q, i) => wanted(q) ? [i] : []);
  const folds: Fold[] = pairs.map(([a, b]) => ({
    name: pairName(a, b),
    database: "quarters",
    subject: pairName(a, b),
    train: indices((q) => q !== a && q !== b),
    test: indices((q) => q === a || q === b),
  }));
  const methodSettings = { ...base.methodSettings, steps: 170, batch: 64, learningRate, sampling };
  return { ...whole, pipeline: { ...base, methodSettings }, folds };
}

/** UF1 on the quarters other than q, by networks that saw nothing of q: the mean over the seeds. */
async function innerUf1(setting: typeof settings[number], q: number): Promise<number> {
  let sum = 0;
  for (const seed of seeds) {
    const predictions: Prediction[] = [];
    for (const other of quarters.filter((other) => other !== q)) {
      const fold = await readFold(runOf(setting), seed, pairName(q, other));
      const row = Object.values(fold!.rows)[0]!;
      predictions.push(...row.filter((p) => quarterOf.get(`${p.database}/${p.subject}`) === other));
    }
    sum += score(predictions, whole.classes).uf1;
  }
  return sum / seeds.length;
}
