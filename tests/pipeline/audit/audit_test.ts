// Leaks are planted in data and in the code that reads it, never in records; the audit has to find each, and nothing in a clean run.
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { readSafetensors, writeSafetensors } from "../../../models/mod.ts";
import { ClipStore } from "../../../pipeline/clip_store.ts";
import { classWeights, honestData } from "../../../pipeline/data_layer.ts";
import { auditRun, definePipeline, type Pipeline, runPipeline } from "../../../pipeline/mod.ts";
import type { Plan } from "../../../pipeline/plan.ts";
import type { Fold } from "../../../types.ts";
import { commandArgs } from "../../_engine.ts";
import { testFolder, tinyPipeline } from "../_tiny.ts";
import { found, type Leak, trainHere } from "./_train.ts";

const stage = { steps: 3, batch: 2, learningRate: 0.01 };
const pipeline = tinyPipeline({
  synthetic: {
    seed: 1,
    subjects: { casme2: 0, smic: 3, samm: 0, ckplus: 2, mmi: 0 },
    clipsPerSubject: 3,
    size: 48,
  },
  clip: { frames: 5, size: 16, channels: 1 },
  losses: { classWeights: "balanced", spatial: {}, contrastive: {} },
  stages: { macro: { steps: 2, batch: 2 }, micro: stage, guided: stage },
});
const nameOf = ({ database, subject, clip }: { database: string; subject: string; clip: string }) =>
  `${database}/${subject}/${clip}`;
const planOf = (run: string): Plan => JSON.parse(Deno.readTextFileSync(`${run}/plan.json`));

let made: Promise<string> | undefined;
/** The honest run that the others differ from in one thing. */
const clean = () => made ??= trainHere(pipeline, "clean");
/** A run with a leak, and the audit's findings of it. */
async function leaking(name: string, leak: Leak, of: Pipeline = pipeline) {
  await clean(); // the databases are there then
  const run = await trainHere(of, name, leak);
  return { run, plan: planOf(run), findings: await found(run) };
}
const kinds = (findings: readonly (readonly [string, string, string])[]) =>
  [...new Set(findings.map(([kind]) => kind))].sort();

Deno.test("a clean run passes: m2m audit exits 0 and says what it checked", async () => {
  const run = await clean();
  const report = await auditRun(run);
  assertEquals([report.findings, report.notes, report.clean], [[], [], true]);
  assertEquals(report.checks.map((line) => line.slice(0, line.indexOf(":"))), [
    "splits",
    "reads",
    "labels",
    "statistics",
    "pixels",
    "networks",
    "predictions",
  ]);
  const { clips, uses } = JSON.parse(await Deno.readTextFile(`${run}/folds/seed1/smic_s14/record.json`));
  assert(clips.length > 0 && uses.length === 3, "the proof is not empty");
  const { code, stdout } = await command(run);
  assertEquals(code, 0);
  assertStringIncludes(stdout, "is clean");
});

Deno.test("a test clip in the sampler's list is found, and m2m audit exits 1 with a line for it", async () => {
  const trainingClips = (_: Plan, fold: Fold) => [...fold.train, fold.test[0]!];
  const { run, plan, findings } = await leaking("sampler", { data: { trainingClips } });
  for (const fold of plan.folds) {
    const clip = nameOf(plan.micro[fold.test[0]!]!);
    const own = findings.filter(([kind, where]) =>
      kind === "sampler" && where === `fold ${fold.name}, seed 1`
    );
    assertEquals(own.length, 1, fold.name);
    assertStringIncludes(own[0]![2], `${clip} was trained on, of whom the fold tests (stage `);
  }
  const { code, stdout } = await command(run);
  assertEquals(code, 1);
  assertEquals(stdout.split("\n").filter((line) => line.startsWith("FOUND ")).length, findings.length);
});

/** A store that now and then gives the pixels of another clip than it is asked for. */
class OtherClips extends ClipStore {
  #calls = 0;
  constructor(plan: Plan, record: ConstructorParameters<typeof ClipStore>[2], readonly other: () => number) {
    super(plan.micro, plan.pipeline, record, "micro");
  }
  override get(index: number) {
    return super.get(++this.#calls === 3 ? this.other() : index);
  }
}

Deno.test("a test clip that the dataset layer slips in under a training clip's position is found", async () => {
  let fold = 0; // every fold opens one store of micro clips
  const clips: typeof honestData.clips = (plan, set, record) =>
    set === "micro"
      ? new OtherClips(plan, record, () => plan.folds[fold++]!.test[1]!)
      : honestData.clips(plan, set, record);
  const { plan, findings } = await leaking("dataset", { data: { clips } });
  for (const { name, test } of plan.folds) {
    const clip = nameOf(plan.micro[test[1]!]!);
    const own = findings.filter(([kind, where]) => kind === "sampler" && where === `fold ${name}, seed 1`);
    assertEquals(own.length, 1);
    assertStringIncludes(
      own[0]![2],
      `${clip} was trained on, of whom the fold tests (stage micro, mean, 1 time)`,
    );
  }
  assertEquals(kinds(findings), ["sampler"]);
});

Deno.test("a test clip's pixels under a training clip's name are found by their checksum", async () => {
  const clips: typeof honestData.clips = (plan, set, record) => {
    if (set === "macro") return honestData.clips(plan, set, record);
    const [first] = plan.folds, to = first!.train[0]!, from = first!.test[0]!;
    const swapped = plan.micro.map((clip, i) => i === to ? { ...clip, file: plan.micro[from]!.file } : clip);
    return new ClipStore(swapped, plan.pipeline, record, set);
  };
  const { plan, findings } = await leaking("swapped", { data: { clips } });
  const [first] = plan.folds;
  const [to, from] = [plan.micro[first!.train[0]!]!, plan.micro[first!.test[0]!]!];
  const cache = findings.find(([kind]) => kind === "cache")!;
  assertStringIncludes(cache[2], `${nameOf(to)} was read with pixels that its frames do not give`);
  const duplicate = findings.find(([kind, where]) =>
    kind === "duplicate" && where === `fold ${first!.name}, seed 1`
  )!;
  assertStringIncludes(
    duplicate[2],
    `tests ${nameOf(from)} and trains on ${nameOf(to)}, which has the same pixels`,
  );
});

Deno.test("class weights over all clips are found by the clips that they were measured over and by their values", async () => {
  // A database whose tested subject changes the balance: without one class of a subject's clips all weights differ.
  const unbalanced = (plan: Plan): Plan => ({
    ...plan,
    micro: plan.micro.slice(0, -1),
    folds: foldsOf(plan),
  });
  const all: typeof classWeights = (plan, _, __, record) =>
    classWeights(plan, plan.micro.map((_, i) => i), plan.micro.map((clip) => clip.classIndex), record);
  const { findings } = await leaking("weights", { data: { classWeights: all }, plan: unbalanced });
  const own = findings.filter(([kind]) => kind === "statistic").map(([, , what]) => what);
  assert(
    own.some((what) =>
      what.startsWith(
        "class weights were measured over 8 clips, 3 of them not to be trained on, 3 of whom the fold tests",
      )
    ),
  );
  assert(
    own.some((what) =>
      what.includes("not those of the training clips") &&
      what.includes("but those of all clips, tested ones included")
    ),
  );
});

Deno.test("class weights that nobody recorded the making of are found by their values alone", async () => {
  const unbalanced = (plan: Plan): Plan => ({
    ...plan,
    micro: plan.micro.slice(0, -1),
    folds: foldsOf(plan),
  });
  const silent: typeof classWeights = (plan) => {
    const counts = plan.classes.map((_, c) => plan.micro.filter((clip) => clip.classIndex === c).length);
    return counts.map((n) => plan.micro.length / (counts.length * n));
  };
  const { findings } = await leaking("silent", { data: { classWeights: silent }, plan: unbalanced });
  const own = findings.filter(([kind]) => kind === "statistic");
  assertEquals(own.map(([, where]) => where).sort(), [
    "fold smic/s14, seed 1",
    "fold smic/s18, seed 1",
    "fold smic/s20, seed 1",
  ]);
});

/** Folds of the plan's clips without the last one. */
function foldsOf(plan: Plan): Fold[] {
  const last = plan.micro.length - 1;
  const without = (positions: readonly number[]) => positions.filter((i) => i !== last);
  return plan.folds.map((fold) => ({ ...fold, train: without(fold.train), test: without(fold.test) }));
}

Deno.test("a person in two subjects is found where the split does not know it, and where only the audit does", async () => {
  const plan = planOf(await clean());
  const [a, b] = plan.folds.map((fold) => fold.name) as [string, string];
  const both = await found(await clean(), { identities: [[a, b]] });
  for (const [fold, other] of [[a, b], [b, a]]) {
    const what = both.filter(([kind, where]) => kind === "identity" && where === `fold ${fold}`).map((
      [, , w],
    ) => w);
    assert(what.some((w) => w.includes(`${other}/`) && w.includes("the training part has")), what.join("\n"));
    assert(both.some(([kind, where]) => kind === "sampler" && where === `fold ${fold}, seed 1`));
  }
  // Split code that ignores the identities of the pipeline.
  const ignoring = (made: Plan): Plan => ({ ...made, folds: plan.folds });
  const { findings } = await leaking("ignoring", { plan: ignoring }, { ...pipeline, identities: [[a, b]] });
  assertEquals(kinds(findings), ["identity", "sampler", "statistic"]); // the class weights are over the person's clips too
  // And split code that knows them.
  assertEquals(await found(await trainHere({ ...pipeline, identities: [[a, b]] }, "knowing")), []);
});

Deno.test("a macro clip of a person who is tested is found in MaNet's training", async () => {
  const plan = planOf(await clean());
  const identities = [[plan.folds[0]!.name, `ckplus/${plan.macro[0]!.subject}`]];
  const findings = await found(await clean(), { identities });
  assert(
    findings.some(([kind, where, what]) =>
      kind === "identity" && where === "MaNet, seed 1" && what.includes(nameOf(plan.macro[0]!))
    ),
  );
});

Deno.test("micro clips in MaNet's training are found", async () => {
  const clips: typeof honestData.clips = (plan, set, record) =>
    set === "macro"
      ? new ClipStore(
        plan.macro.map((_, i) => plan.micro[i % plan.micro.length]!),
        plan.pipeline,
        record,
        "micro",
      )
      : honestData.clips(plan, set, record);
  const { plan, findings } = await leaking("manet", { data: { clips } });
  const own = findings.filter(([kind, where]) => kind === "sampler" && where === "MaNet, seed 1");
  assert(own.length >= 2);
  for (const [, , what] of own) {
    assert(
      plan.micro.some((clip) => what.startsWith(`${nameOf(clip)} was read, which is no macro clip`)),
      what,
    );
  }
});

Deno.test("a clip that was copied under another subject's name is found, in the folds that test either", async () => {
  await clean();
  const root = `${testFolder()}/copied`;
  await copyFolder(`${testFolder()}/data`, root);
  const frames = (subject: string, kind: string, clip: string) => {
    const folder = `${root}/smic/SMIC_all_cropped/HS/${subject}/micro/${kind}/${clip}`;
    return [...Deno.readDirSync(folder)].map(({ name }) => `${folder}/${name}`).sort();
  };
  const from = frames("s14", "negative", "s14_ne_01"), to = frames("s20", "positive", "s20_po_01");
  to.forEach((file, i) => Deno.copyFileSync(from[i % from.length]!, file)); // other names, numbers and length
  const { synthetic: _, ...real } = pipeline;
  const { findings } = await leaking("duplicate", { root }, real);
  assertEquals(kinds(findings), ["duplicate"]);
  for (const [tested, trained] of [["s14/s14_ne_01", "s20/s20_po_01"], ["s20/s20_po_01", "s14/s14_ne_01"]]) {
    const fold = `fold smic/${tested!.slice(0, 3)}, seed 1`;
    const own = findings.filter(([, where]) => where === fold);
    assertEquals(own.length, 1);
    assertStringIncludes(own[0]![2], `tests smic/${tested} and trains on smic/${trained}, which has `);
  }
});

Deno.test("a stale cache is found: frames that changed under an entry, and an entry that holds another clip", async () => {
  await clean();
  const root = `${testFolder()}/stale`, cache = `${testFolder()}/stale cache`;
  await copyFolder(`${testFolder()}/data`, root);
  const { synthetic: _, ...real } = pipeline;
  await trainHere(real, "before", { root, cache });
  assertEquals(await found(`${testFolder()}/before`), []);
  const folder = `${root}/smic/SMIC_all_cropped/HS/s18/micro/negative/s18_ne_01`;
  const frame = `${folder}/${[...Deno.readDirSync(folder)].map(({ name }) => name).sort()[0]}`;
  const { mtime } = await Deno.stat(frame);
  const bytes = await Deno.readFile(frame); // an uncompressed BMP: other pixels, the same size
  await Deno.writeFile(frame, bytes.map((byte, i) => i < 1100 ? byte : 255 - byte));
  await Deno.utime(frame, mtime!, mtime!);
  const { plan, findings } = await leaking("after", { root, cache }, real);
  assertEquals(kinds(findings), ["cache"]);
  for (const [, , what] of findings) {
    assertStringIncludes(
      what,
      "smic/s18/s18_ne_01 was read with pixels that its frames do not give: a stale or foreign",
    );
  }
  await Deno.writeFile(frame, bytes);
  await Deno.utime(frame, mtime!, mtime!);
  assertEquals(await found(`${testFolder()}/after`), []); // the frames are back
  const [mine, other] = [plan.micro[0]!, plan.micro.at(-1)!];
  await Deno.copyFile(other.file, mine.file);
  const foreign = (await leaking("foreign", { root, cache }, real)).findings;
  assertEquals(kinds(foreign), ["cache", "duplicate"]);
  assert(foreign.some(([kind, , what]) => kind === "cache" && what.startsWith(nameOf(mine))));
});

Deno.test("a label that the databases do not give is found", async () => {
  await clean();
  const root = `${testFolder()}/relabelled`;
  await copyFolder(`${testFolder()}/data`, root);
  const { synthetic: _, ...real } = pipeline;
  await trainHere(real, "labels", { root });
  const list = `${root}/combined_3class_gt.csv`;
  const text = await Deno.readTextFile(list);
  await Deno.writeTextFile(list, text.replace(/(s14_ne_01),0/, "$1,2"));
  const findings = await found(`${testFolder()}/labels`);
  assertEquals(findings.map(([kind, where, what]) => [kind, where, what]), [
    ["label", "sample list", "the composite list combined_3class_gt.csv has changed since the run began"],
    ["label", "sample list", "the plan has smic/s14/s14_ne_01 as negative, the databases as surprise"],
  ]);
});

Deno.test("another MaNet, other maps and another MiNet than those that were trained are found", async () => {
  for (
    const [file, where, what] of [
      [
        "macro/seed1/manet.safetensors",
        "MaNet, seed 1",
        "manet.safetensors is not the network that its record tells of",
      ],
      [
        "folds/seed1/smic_s14/minet-custom.safetensors",
        "fold smic/s14, seed 1",
        "minet-custom.safetensors is not the network",
      ],
    ] as const
  ) {
    const run = `${testFolder()}/networks`;
    await copyFolder(await clean(), run);
    const { tensors } = readSafetensors(await Deno.readFile(`${run}/${file}`));
    const [name, first] = [...tensors][0]!;
    const data = (first.data as Float32Array).map((x) => x + 1);
    const changed = { ...Object.fromEntries(tensors), [name]: { ...first, data } };
    await Deno.writeFile(
      `${run}/${file}`,
      writeSafetensors(changed as Parameters<typeof writeSafetensors>[0]),
    );
    const findings = await found(run);
    assert(
      findings.some(([kind, at, text]) => kind === "weights" && at === where && text.startsWith(what)),
      String(findings),
    );
    await Deno.remove(run, { recursive: true });
  }
  const run = `${testFolder()}/maps`;
  await copyFolder(await clean(), run);
  const maps = await Deno.readFile(`${run}/macro/seed1/maps.f32`);
  maps[5]! ^= 1;
  await Deno.writeFile(`${run}/macro/seed1/maps.f32`, maps);
  assertEquals(kinds(await found(run)), ["weights"]);
});

Deno.test("what a comparison method learned is checked too, under its own name", async () => {
  const run = `${testFolder()}/descriptor`;
  const sip = definePipeline({ name: "sip", method: "lbp-sip", micro: { databases: ["smic"] } });
  await runPipeline(sip, { out: run, small: true, quiet: true });
  assertEquals(await found(run), []);
  await Deno.writeTextFile(`${run}/folds/seed1/smic_s14/trained-lbp-sip.safetensors`, "another");
  assertEquals(await found(run), [[
    "weights",
    "fold smic/s14, seed 1",
    "trained-lbp-sip.safetensors is not the network that its record tells of",
  ]]);
});

Deno.test("a run without records, or not done, is not clean", async () => {
  const run = `${testFolder()}/bare`;
  await copyFolder(await clean(), run);
  await Deno.remove(`${run}/folds/seed1/smic_s14/record.json`);
  await Deno.remove(`${run}/folds/seed1/smic_s18`, { recursive: true });
  const findings = await found(run);
  assert(findings.some(([kind, where]) => kind === "record" && where === "fold smic/s14, seed 1"));
  assert(
    findings.some(([kind, where, what]) =>
      kind === "record" && where === "fold smic/s18, seed 1" && what.includes("incomplete")
    ),
  );
});

Deno.test("predictions that are not the folds' are found", async () => {
  const run = `${testFolder()}/predictions`;
  await copyFolder(await clean(), run);
  const csv = await Deno.readTextFile(`${run}/predictions.csv`);
  const [head, first, ...rest] = csv.split("\n");
  const cells = first!.split(",");
  cells[4] = String((Number(cells[4]) + 1) % 3);
  await Deno.writeTextFile(`${run}/predictions.csv`, [head, cells.join(","), ...rest].join("\n"));
  assertEquals(await found(run), [[
    "prediction",
    "predictions.csv",
    "its predictions are not those of the folds",
  ]]);
});

Deno.test("without the databases the audit says so, and still finds what records show", async () => {
  const run = `${testFolder()}/elsewhere`;
  await copyFolder(await clean(), run);
  const { notes, findings } = await auditRun(run, { data: `${testFolder()}/nowhere` });
  assertEquals(findings, []);
  assertStringIncludes(notes[0]!, "labels and pixels were not compared with the databases");
});

Deno.test("an inner selection: a clip that its split holds out is found, a clean one passes", async () => {
  const inner = { splits: 2, settings: [{ "stages.micro.steps": 2 }, { "stages.micro.steps": 4 }] };
  const selecting = tinyPipeline(
    { ...pipeline, selection: "inner", inner } as Parameters<typeof tinyPipeline>[0],
  );
  const run = await trainHere(selecting, "selecting");
  const report = await auditRun(run);
  assertEquals(report.findings, []);
  assert(report.checks.some((line) => line.startsWith("inner selection: 3 folds")));

  const clips: typeof honestData.clips = (plan, set, record) => {
    if (set === "macro" || record.scope !== "inner 2/1") return honestData.clips(plan, set, record);
    const subject = (i: number) => plan.micro[i]!.subject;
    const fold = plan.folds.find((fold) => fold.name === "smic/s14")!;
    // In the fold of s14 the splits hold out s18 and s20: one of them is read where it must not be.
    const store = new ClipStore(plan.micro, plan.pipeline, record, set);
    return { get: (i: number) => store.get(fold.train.find((k) => subject(k) !== subject(i))!) };
  };
  const findings = await found(await trainHere(selecting, "inner leak", { data: { clips } }));
  assert(
    findings.some(([kind, where, what]) =>
      kind === "sampler" && where === "fold smic/s14, seed 1" &&
      what.includes("was trained on in a split that holds it out (inner 2/1, stage")
    ),
    findings.join("\n"),
  );

  const file = `${run}/folds/seed1/smic_s14/selection.json`;
  const selection = JSON.parse(await Deno.readTextFile(file));
  await Deno.writeTextFile(file, JSON.stringify({ ...selection, chosen: 1 - selection.chosen }));
  const chosen = await found(run);
  assert(
    chosen.some(([kind, , what]) =>
      kind === "selection" && what.startsWith("the setting that it chose is not the best")
    ),
  );
});

Deno.test("a run with --peek is never clean", async () => {
  const run = await trainHere(pipeline, "peeking", { plan: (plan) => ({ ...plan, peek: true }) });
  const findings = await found(run);
  assertEquals(findings.map(([kind]) => kind), ["peek"]);
});

async function command(run: string): Promise<{ code: number; stdout: string }> {
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: commandArgs("audit", run),
  }).output();
  return { code, stdout: new TextDecoder().decode(stdout) };
}

async function copyFolder(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (isDirectory) await copyFolder(`${from}/${name}`, `${to}/${name}`);
    else await Deno.copyFile(`${from}/${name}`, `${to}/${name}`);
  }
}
