// hde: whole databases are held out; and persons who are in two databases.
import { assertEquals, assertIsError } from "@std/assert";
import { readPredictions } from "../../eval/mod.ts";
import type { PipelineInput } from "../../pipeline/mod.ts";
import type { Plan } from "../../pipeline/plan.ts";
import type { RecordFile } from "../../pipeline/training_record.ts";
import { UserError } from "../../types.ts";
import { runTiny, testFolder, tinyPipeline } from "./_tiny.ts";

const stage = { steps: 4, batch: 4 };
const base: Partial<PipelineInput> = {
  micro: { databases: ["smic", "samm", "casme2"] },
  synthetic: {
    seed: 1,
    subjects: { casme2: 2, smic: 2, samm: 2, ckplus: 2, mmi: 0 },
    clipsPerSubject: 3,
    size: 48,
  },
  losses: { spatial: {} },
  stages: { macro: { steps: 1, batch: 2 }, micro: stage, guided: stage },
  keepCheckpoints: "macro",
};
const options = { data: `${testFolder()}/three` };
const read = async <T>(path: string): Promise<T> =>
  JSON.parse(await Deno.readTextFile(`${testFolder()}/${path}`));

/** The databases and subjects that a fold's training took micro clips of. */
async function trainedOn(out: string, fold: string): Promise<string[]> {
  const { clips, uses } = await read<RecordFile>(`${out}/folds/seed1/${fold}/record.json`);
  const taken = uses.filter((use) => use.stage !== "test").flatMap((use) =>
    use.reads.map(([i]) => clips[i]!)
  );
  return [
    ...new Set(
      taken.filter(([set]) => set === "micro").map(([, database, subject]) => `${database}/${subject}`),
    ),
  ]
    .sort();
}
const subjects = (plan: Plan) => [...new Set(plan.micro.map((c) => `${c.database}/${c.subject}`))].sort();

Deno.test("hde tests each database by networks that never saw it, and scores each", async () => {
  await runTiny(tinyPipeline({ ...base, protocol: "hde" }), "hde", options);
  const plan = await read<Plan>("hde/plan.json");
  assertEquals(plan.folds.map((fold) => fold.name), ["casme2", "samm", "smic"]);
  const predictions = readPredictions(await Deno.readTextFile(`${testFolder()}/hde/predictions.csv`));
  assertEquals(predictions.length, plan.micro.length); // every clip is tested once
  for (const fold of ["casme2", "samm", "smic"]) {
    const others = subjects(plan).filter((name) => !name.startsWith(`${fold}/`));
    assertEquals(await trainedOn("hde", fold), others);
  }
  const summary = await read<Record<string, { n: number }>>("hde/summary.json");
  for (const fold of ["casme2", "samm", "smic"]) {
    assertEquals(summary[fold]!.n, plan.micro.filter((clip) => clip.database === fold).length);
  }
});

Deno.test("hde takes declared directions alone, and leaves persons of the tested database out of training", async () => {
  const plan = await read<Plan>("hde/plan.json");
  const [samm, smic] = ["samm", "smic"].map((db) =>
    subjects(plan).find((name) => name.startsWith(`${db}/`))!
  );
  const hde = { directions: [{ train: ["smic" as const], test: "samm" as const }] };
  await runTiny(
    tinyPipeline({ ...base, protocol: "hde", hde, identities: [[samm!, smic!]] }),
    "one",
    options,
  );
  const [other] = subjects(plan).filter((name) => name.startsWith("smic/") && name !== smic);
  assertEquals(await trainedOn("one", "samm"), [other]);
  const predictions = readPredictions(await Deno.readTextFile(`${testFolder()}/one/predictions.csv`));
  assertEquals(new Set(predictions.map((p) => p.database)), new Set(["samm"]));
});

Deno.test("a person in two databases is one fold, and a macro clip of somebody who is tested does not reach MaNet", async () => {
  const plan = await read<Plan>("hde/plan.json");
  const [samm, smic] = ["samm", "smic"].map((db) =>
    subjects(plan).find((name) => name.startsWith(`${db}/`))!
  );
  const macro = `ckplus/${plan.macro[0]!.subject}`;
  const identities = [[smic!, samm!, macro]];
  await runTiny(tinyPipeline({ ...base, protocol: "cde", identities }), "persons", options);
  const folded = await read<Plan>("persons/plan.json");
  assertEquals(folded.folds.length, 5);
  const fold = folded.folds.find((f) => f.name === samm)!; // the first of the two names
  const tested = new Set(fold.test.map((i) => `${folded.micro[i]!.database}/${folded.micro[i]!.subject}`));
  assertEquals([...tested].sort(), [samm, smic].sort());
  assertEquals(
    await trainedOn("persons", samm!.replace("/", "_")),
    subjects(plan).filter((name) => name !== samm && name !== smic),
  );
  const { clips } = await read<RecordFile>("persons/macro/seed1/record.json");
  assertEquals(clips.some(([, database, subject]) => `${database}/${subject}` === macro), false);
  assertEquals(clips.length, plan.macro.filter((clip) => `ckplus/${clip.subject}` !== macro).length);
});

Deno.test("an identity of nobody is refused by name, with the nearest subject", async () => {
  const plan = await read<Plan>("hde/plan.json");
  const smic = subjects(plan).find((name) => name.startsWith("smic/"))!;
  const pipeline = tinyPipeline({ ...base, protocol: "cde", identities: [[`${smic}x`, "samm/006"]] });
  const error = await runTiny(pipeline, "nobody", options).catch((e) => e);
  assertIsError(error, UserError, `Cannot tell who ${smic}x of identities is`);
  assertEquals([error.exitCode, error.message.includes(`did you mean ${smic}?`)], [2, true]);
});
