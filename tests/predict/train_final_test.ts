// One model of all subjects: whole, marked, the same when it is done again, and what is refused.
import { assert, assertEquals, assertIsError } from "@std/assert";
import { definePipeline } from "../../pipeline/mod.ts";
import { loadModel, trainFinal, type TrainFinalOptions } from "../../predict/mod.ts";
import type { Pipeline } from "../../pipeline/mod.ts";
import { UserError } from "../../types.ts";
import { testFolder, tinyPipeline } from "../pipeline/_tiny.ts";
import { clipOf, planOf, startTestEngine } from "./_models.ts";

const pipeline = tinyPipeline({
  name: "everybody",
  rows: ["lc", "all"],
  seeds: [3, 5],
  keepCheckpoints: "macro",
});
const train = (name: string, options: TrainFinalOptions = {}, of: Pipeline = pipeline) =>
  trainFinal(of, `${testFolder()}/${name}`, {
    data: `${testFolder()}/data`,
    cache: `${testFolder()}/cache`,
    quiet: true,
    ...options,
  });
const refusal = async (work: Promise<unknown>) => {
  const error = await work.then(() => undefined, (e) => e);
  assertIsError(error, UserError);
  return error.message.replaceAll(testFolder(), "");
};

Deno.test("a final model learns from all subjects, predicts, and says that it was not evaluated", async () => {
  const made = await train("final");
  assertEquals([made.origin.row, made.origin.seed, made.origin.protocol, made.origin.evaluated], [
    "all",
    3,
    "none",
    false,
  ]);
  assert(made.origin.note.startsWith("Not evaluated: it was trained on all"));
  const run = `${testFolder()}/final/training`, plan = await planOf(run);
  const record = JSON.parse(await Deno.readTextFile(`${run}/folds/seed3/final/record.json`));
  const text = JSON.stringify(record);
  for (const { clip } of plan.micro) assert(text.includes(clip), `${clip} was not read`);
  await startTestEngine();
  const model = await loadModel(`${testFolder()}/final`);
  assertEquals(model.description.members.map(({ name }) => name), ["final"]);
  assertEquals(model.predict(clipOf(plan, 0)).probabilities.length, 3);
  model.dispose();
});

Deno.test("the same training gives the same bytes; it goes on only if asked, and stays with its pipeline", async () => {
  await train("final", { resume: true });
  const again = await train("again");
  const first = JSON.parse(await Deno.readTextFile(`${testFolder()}/final/model.json`));
  assertEquals(again.members, first.members);
  const other = await train("other", { row: "lc", seed: 5 });
  assertEquals([other.origin.row, other.origin.seed], ["lc", 5]);
  assert(other.members[0]!.sha256 !== first.members[0].sha256);
  assert((await refusal(train("final"))).includes("it holds a run already; go on with --resume"));
  assert((await refusal(train("final", { resume: true, seed: 5 }))).includes("the pipeline has changed"));
});

Deno.test("other methods, unknown rows and used folders are refused", async () => {
  const comparison = definePipeline({ name: "c", method: "lbp-top", micro: { databases: ["smic"] } });
  assertEquals(
    await refusal(train("c", {}, comparison)),
    "Cannot train a final model of c: its method is lbp-top; only macro2micro can be used so.",
  );
  assertEquals(
    await refusal(train("r", { row: "al" })),
    "The pipeline everybody has no row al (did you mean all?).",
  );
  await Deno.mkdir(`${testFolder()}/used`);
  await Deno.writeTextFile(`${testFolder()}/used/a.txt`, "");
  assert(
    (await refusal(train("used"))).startsWith(
      "Cannot train into /used: the folder holds something else (a.txt)",
    ),
  );
});
