// selection: inner. The outer test subject is nowhere in it, the choice is the best of the inner scores, and the fold is then trained as if
// the chosen setting had stood in the pipeline.
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import type { PipelineInput } from "../../pipeline/mod.ts";
import { methodOf } from "../../pipeline/methods/mod.ts";
import { innerSplits, type Selection } from "../../pipeline/selection.ts";
import { Stopped } from "../../pipeline/training_state.ts";
import type { RecordFile } from "../../pipeline/training_record.ts";
import type { Plan } from "../../pipeline/plan.ts";
import { useEngine } from "../_engine.ts";
import { runTiny, testFolder, tinyPipeline } from "./_tiny.ts";

const synthetic = {
  seed: 1,
  subjects: { casme2: 0, smic: 4, samm: 0, ckplus: 2, mmi: 0 },
  clipsPerSubject: 3,
  size: 48,
};
const changes: Partial<PipelineInput> = {
  synthetic,
  rows: ["lc", "lc_ls"],
  stages: {
    macro: { steps: 2, batch: 2 },
    micro: { steps: 3, batch: 2, learningRate: 0.01 },
    guided: { steps: 3, batch: 2 },
  },
};
const pipeline = tinyPipeline({
  ...changes,
  selection: "inner",
  inner: {
    subjectsOut: 1,
    settings: [{ "stages.guided.learningRate": 1e-6 }, { "stages.micro.learningRate": 0.03 }],
  },
});
const read = async <T>(path: string): Promise<T> =>
  JSON.parse(await Deno.readTextFile(`${testFolder()}/inner/${path}`));

let done: Promise<Plan> | undefined;
function run(): Promise<Plan> {
  done ??= runTiny(pipeline, "inner", { data: `${testFolder()}/four` }).then(() => read<Plan>("plan.json"));
  return done;
}
const folderOf = (fold: string) => `folds/seed1/${fold.replace("/", "_")}`;

Deno.test("no inner training or prediction reads a clip of the fold's test subject, and each inner split keeps its own subject out", async () => {
  const plan = await run();
  for (const fold of plan.folds) {
    const { clips, uses } = await read<RecordFile>(`${folderOf(fold.name)}/record.json`);
    const { splits } = await read<Selection>(`${folderOf(fold.name)}/selection.json`);
    const heldOut = new Map(splits.map((split) => [split.name, split.heldOut]));
    const others = plan.folds.map((other) => other.name).filter((name) => name !== fold.name);
    assertEquals(splits.flatMap((split) => split.heldOut).sort(), [...others].sort()); // one subject at a time
    let inner = 0;
    for (const { scope, stage, reads, labels } of uses) {
      const subjects = new Set(
        [...reads, ...labels].map(([i]) => clips[i]!).filter(([set]) => set === "micro")
          .map(([, database, subject]) => `${database}/${subject}`),
      );
      if (scope === "final") {
        assertEquals([...subjects].sort(), stage === "test" ? [fold.name] : [...others].sort());
        continue;
      }
      inner++;
      const own = heldOut.get(scope.slice(scope.indexOf("/") + 1)) as string[];
      assertEquals(
        [...subjects].sort(),
        stage === "test" ? own : others.filter((s) => !own.includes(s)).sort(),
      );
    }
    assertEquals(inner, 2 * 3 * 5); // settings, splits; stage (b) once, (c) and a test for each of two rows
  }
});

Deno.test("the chosen setting has the best inner UF1, counted here from the inner predictions", async () => {
  const plan = await run();
  for (const fold of plan.folds) {
    const { settings, chosen } = await read<Selection>(`${folderOf(fold.name)}/selection.json`);
    const values = settings.map(({ predictions }) => {
      const rows = Object.values(predictions).map((pairs) => {
        assertEquals(pairs.map(([clip]) => clip).sort((a, b) => a - b), [...fold.train]);
        for (const [clip, truth] of pairs) assertEquals(truth, plan.micro[clip]!.classIndex);
        const f1 = plan.classes.map((_, c) => {
          const count = (t: boolean, p: boolean) =>
            pairs.filter(([, truth, said]) => (truth === c) === t && (said === c) === p).length;
          const tp = count(true, true), wrong = count(true, false) + count(false, true);
          return tp === 0 ? 0 : 2 * tp / (2 * tp + wrong);
        });
        return f1.reduce((a, b) => a + b) / f1.length;
      });
      return rows.reduce((a, b) => a + b) / rows.length;
    });
    assertEquals(settings.map(({ value }) => value.toFixed(9)), values.map((value) => value.toFixed(9)));
    assertEquals(chosen, values.indexOf(Math.max(...values)));
  }
});

Deno.test("a fold predicts as it would if its choice had been the pipeline's setting", async () => {
  const plan = await run();
  const fixed = [
    { ...changes.stages, guided: { ...changes.stages!.guided, learningRate: 1e-6 } },
    { ...changes.stages, micro: { ...changes.stages!.micro, learningRate: 0.03 } },
  ];
  const seen: string[][] = [];
  for (const [g, stages] of fixed.entries()) {
    await runTiny(tinyPipeline({ ...changes, stages }), `fixed${g}`, { data: `${testFolder()}/four` });
    const texts = plan.folds.map((fold) =>
      Deno.readTextFile(`${testFolder()}/fixed${g}/${folderOf(fold.name)}/predictions.json`)
    );
    seen.push(await Promise.all(texts));
  }
  assertNotEquals(seen[0], seen[1]);
  for (const [i, fold] of plan.folds.entries()) {
    const { chosen } = await read<Selection>(`${folderOf(fold.name)}/selection.json`);
    const own = await Deno.readTextFile(`${testFolder()}/inner/${folderOf(fold.name)}/predictions.json`);
    assertEquals(own, seen[chosen]![i], fold.name);
  }
});

Deno.test("selection.json at the top counts what the folds chose", async () => {
  const plan = await run();
  const { settings, folds } = await read<
    { settings: { name: string; won: number }[]; folds: { chosen: string }[] }
  >(
    "selection.json",
  );
  const chosen = await Promise.all(
    plan.folds.map((fold) => read<Selection>(`${folderOf(fold.name)}/selection.json`).then((s) => s.chosen)),
  );
  assertEquals(settings.map(({ name }) => name), [
    "stages.guided.learningRate 0.000001",
    "stages.micro.learningRate 0.03",
  ]);
  assertEquals(settings.map(({ won }) => won), [0, 1].map((g) => chosen.filter((c) => c === g).length));
  assertEquals(folds.map((fold) => fold.chosen), chosen.map((c) => settings[c]!.name));
});

Deno.test("subjectsOut and splits make groups of training subjects alone, the same every time", () => {
  const micro = Array.from(
    { length: 20 },
    (_, i) => ({ database: "smic", subject: `s${i % 10}`, clip: `${i}` }),
  );
  const train = micro.flatMap((clip, i) => clip.subject === "s4" ? [] : [i]);
  for (const [inner, expected] of [[{ splits: 3 }, 3], [{ subjectsOut: 2 }, 5], [{}, 4]] as const) {
    const p = tinyPipeline({
      selection: "inner",
      inner: { ...inner, grid: { sampling: ["random", "balanced"] } },
    });
    const splits = innerSplits(p, micro, train);
    assertEquals(splits.length, expected);
    assertEquals(splits.flatMap((split) => split.test).sort((a, b) => a - b), train);
    for (const split of splits) {
      assert(![...split.train, ...split.test].some((i) => micro[i]!.subject === "s4"));
    }
    assertEquals(innerSplits(p, micro, train), splits);
  }
});

Deno.test("a fold that is stopped again and again within its selection and after it comes to the same bytes, with the same record", async () => {
  const { name: engine } = await useEngine();
  const plan = { ...await run(), engine, peek: true as const }; // the choice under --peek is kept too
  const fold = plan.folds[0]!.name;
  const method = methodOf(plan.pipeline);
  const train = async (out: string, every: number): Promise<number> => {
    let stops = 0;
    while (true) {
      let steps = 0;
      const report = () => {
        steps++;
        return Promise.resolve();
      };
      try {
        await method.trainFold(plan, `${testFolder()}/${out}`, 0, 1, report, { stop: () => steps >= every });
        return stops;
      } catch (error) {
        if (!(error instanceof Stopped)) throw error;
        stops++;
      }
    }
  };
  for (const out of ["whole", "pieces"]) { // MaNet is the run's
    await Deno.mkdir(`${testFolder()}/${out}/macro/seed1`, { recursive: true });
    for (const { name, isFile } of Deno.readDirSync(`${testFolder()}/inner/macro/seed1`)) {
      if (isFile) {
        await Deno.copyFile(
          `${testFolder()}/inner/macro/seed1/${name}`,
          `${testFolder()}/${out}/macro/seed1/${name}`,
        );
      }
    }
  }
  assertEquals(await train("whole", Infinity), 0);
  const stops = await train("pieces", 7); // six inner trainings and the final one, nine steps each
  assert(stops >= 8, `${stops} stops`);
  for (const file of ["predictions.json", "selection.json", "PEEKED.json", "record.json"]) {
    const [whole, pieces] = await Promise.all(
      ["whole", "pieces"].map((out) => Deno.readTextFile(`${testFolder()}/${out}/${folderOf(fold)}/${file}`)),
    );
    assertEquals(pieces, whole, file);
  }
});
