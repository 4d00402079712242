// Wrong inputs: each is answered by one message that names the file and the remedy, exit code 1 or 2, no stack trace, nothing lost.
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import readExcel from "read-excel-file/node";
import { synthesizeDatabases, writeXlsx } from "../../data/mod.ts";
import { definePipeline, type PipelineInput } from "../../pipeline/mod.ts";
import { makePlan } from "../../pipeline/make_plan.ts";
import type { Plan } from "../../pipeline/plan.ts";
import { commandArgs } from "../_engine.ts";
import { testFolder } from "../pipeline/_tiny.ts";
import { m2m } from "./_m2m.ts";

const table = "casme2/CASME2-coding-20140508.xlsx";
const frames = "casme2/Cropped";

/** Two subjects of CASME II and of CK+, 48 pixels; made once, copied by the tests that change it. */
let made: Promise<string> | undefined;
function goodData(): Promise<string> {
  const folder = `${testFolder()}/good`;
  const subjects = { casme2: 2, smic: 0, samm: 0, ckplus: 2, mmi: 0 };
  made ??= synthesizeDatabases(folder, {
    subjects,
    clipsPerSubject: 3,
    macroClipsPerSubject: 3,
    size: 48,
    frames: 8,
  })
    .then(() => folder);
  return made;
}

let copies = 0;
async function copiedData(): Promise<string> {
  const copy = `${testFolder()}/data ${++copies}`;
  await copyFolder(await goodData(), copy);
  return copy;
}

async function copyFolder(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (isDirectory) await copyFolder(`${from}/${name}`, `${to}/${name}`);
    else await Deno.copyFile(`${from}/${name}`, `${to}/${name}`);
  }
}

const good: PipelineInput = {
  name: "wrong",
  micro: { databases: ["casme2"] },
  macro: { databases: ["ckplus"] },
  clip: { frames: 3, size: 16, channels: 1 },
  network: { width: 2, stem: "small", intervals: { count: 2 } },
  stages: { macro: { steps: 1, batch: 2 }, micro: { steps: 1, batch: 2 }, guided: { steps: 1, batch: 2 } },
  engine: "wasm",
};
const flow: PipelineInput = {
  name: "flow",
  method: "ststnet",
  micro: { databases: ["casme2"] },
  flow: {},
  engine: "wasm",
};

/** The message of a command that must fail. */
async function refused(code: 1 | 2, parts: readonly string[], ...args: string[]): Promise<void> {
  const result = await m2m(...args, ...(args[0] === "run" ? ["--quiet"] : []));
  assertEquals(result.code, code, result.err);
  assertEquals(result.out, "");
  for (const part of parts) assertStringIncludes(result.err, part);
  assert(!result.err.includes("    at "), result.err);
  assert(result.err.trim().length < 900, result.err);
}

async function yaml(content: PipelineInput | string): Promise<string> {
  const file = `${testFolder()}/pipeline ${++copies}.yaml`;
  await Deno.writeTextFile(file, typeof content === "string" ? content : JSON.stringify(content)); // JSON is YAML
  return file;
}

/** Refused by `m2m run`, which then leaves no run folder. */
function wrongRun(
  name: string,
  code: 1 | 2,
  parts: readonly string[],
  { change = () => {}, pipeline = good, text }: {
    change?: (data: string) => unknown;
    pipeline?: PipelineInput;
    text?: string;
  } = {},
): void {
  Deno.test(`m2m run refuses ${name}`, async () => {
    const data = text === undefined ? await copiedData() : await goodData();
    await change(data);
    const out = `${testFolder()}/out ${++copies}`;
    const args = ["run", await yaml(text ?? pipeline), "--data", data, "--out", out];
    await withCache(() => refused(code, parts.map((part) => part.replaceAll("DATA", data)), ...args));
    assertEquals(await Deno.stat(out).then(() => true, () => false), false);
  });
}

/** Clips go into a cache of the test, not of the user. */
async function withCache(run: () => Promise<void>): Promise<void> {
  const before = Deno.env.get("M2M_CACHE");
  Deno.env.set("M2M_CACHE", `${testFolder()}/cache`);
  try {
    await run();
  } finally {
    if (before === undefined) Deno.env.delete("M2M_CACHE");
    else Deno.env.set("M2M_CACHE", before);
  }
}

const firstFrame = (data: string) => framesOf(data)[0] as string;
function framesOf(data: string): string[] {
  const clip = `${data}/${frames}/sub01`;
  const folder = `${clip}/${[...Deno.readDirSync(clip)].map(({ name }) => name).sort()[0]}`;
  const number = (name: string) => Number(/\d+/.exec(name)?.[0]);
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort((a, b) => number(a) - number(b))
    .map((name) => `${folder}/${name}`);
}

type Cell = string | number | null;
/** Writes the coding table anew, its rows changed. */
async function changeTable(data: string, change: (rows: Cell[][]) => Cell[][]): Promise<void> {
  const sheets = await readExcel(`${data}/${table}`);
  const written = sheets.map(({ sheet, data: rows }, i) => ({
    name: sheet,
    rows: i === 0 ? change(rows as Cell[][]) : rows as Cell[][],
  }));
  await Deno.writeFile(`${data}/${table}`, writeXlsx(written));
}

// The pipeline file
wrongRun("YAML that is none", 2, ["pipeline ", ".yaml: it is not YAML: ", "line 2"], {
  text: "name: x\nmicro: {databases: [casme2}\n",
});
wrongRun("an unknown key, with the nearest", 2, ["line 2: mirco: unknown key (did you mean micro?)"], {
  text: "name: x\nmirco: { databases: [casme2] }\n",
});
wrongRun("an engine that there is none of", 2, [
  'engine: must be one of auto, native, wasm, cpu, webgpu, found "cuda"',
], {
  text: JSON.stringify({ ...good, engine: "cuda" }),
});
wrongRun("a row whose term has no weight", 2, [
  "rows: the row lc_ls has the term spatial, which needs a weight: add losses.spatial ({} is the paper's)",
], {
  pipeline: { ...good, rows: ["lc", "lc_ls"] },
});
wrongRun("a class set of another database", 2, [
  "Cannot use the class set samm-5: it is for samm, the pipeline reads casme2.",
], {
  pipeline: { ...good, micro: { databases: ["casme2"], classes: "samm-5" } },
});
wrongRun("a class set that is not there", 1, ["casme2-7", "No such file", "check that it exists"], {
  pipeline: { ...good, micro: { databases: ["casme2"], classes: "casme2-7" }, macro: undefined },
});
Deno.test("m2m run refuses a pipeline file that is missing", () =>
  refused(
    2,
    ["Cannot read the pipeline experiments/dmo.yaml: there is no such file"],
    "run",
    "experiments/dmo.yaml",
  ));
Deno.test("m2m run refuses a folder for a pipeline file", () =>
  refused(
    2,
    ["Cannot read the pipeline experiments: it is a folder; name a YAML file in it."],
    "run",
    "experiments",
  ));

// Databases
Deno.test("m2m run refuses a data folder that is missing", async () => {
  const folder = `${testFolder()}/no such folder`;
  const parts = [`there is no folder ${folder}; name the folder that holds them with --data`];
  await refused(1, parts, "run", await yaml(good), "--data", folder);
});
wrongRun("a database that is missing", 1, [
  "Cannot read casme2: there is no folder DATA/casme2; put the database there",
], {
  change: (data) => Deno.remove(`${data}/casme2`, { recursive: true }),
});
wrongRun("a table that is missing", 1, ["DATA/casme2", "its coding table was not found; put CASME2-coding"], {
  change: (data) => Deno.remove(`${data}/${table}`),
});
wrongRun("a table that is truncated", 1, [`DATA/${table}: it is not a whole .xlsx workbook`], {
  change: (data) => Deno.truncate(`${data}/${table}`, 1000),
});
wrongRun("a table that is empty", 1, [`DATA/${table}: the file is empty; copy it again`], {
  change: (data) => Deno.truncate(`${data}/${table}`),
});
wrongRun("a table without a column that is needed", 1, [`DATA/${table}`, "OffsetFrame"], {
  change: (data) =>
    changeTable(
      data,
      (rows) => rows.map((row, i) => i === 0 ? row.map((c) => c === "OffsetFrame" ? "Notes" : c) : row),
    ),
});
wrongRun("the table of another database", 1, [`DATA/${table}`, "are not named like those of CASME II"], {
  change: (data) =>
    changeTable(
      data,
      (rows) => rows.map((row, i) => i === 0 ? row : row.map((c) => /^EP/.test(`${c}`) ? `006_${i}_1` : c)),
    ),
});
wrongRun("a truncated JPEG", 1, [
  "Cannot read the frame DATA/casme2",
  "it is damaged or no image",
  "copy it again",
], {
  change: (data) => Deno.truncate(firstFrame(data), 300),
});
wrongRun(
  "a frame of no bytes",
  1,
  ["Cannot read the frame DATA/casme2", "the file is empty; copy it again"],
  {
    change: (data) => Deno.truncate(firstFrame(data)),
  },
);
wrongRun("a database of one subject", 1, [
  "DATA has clips of one subject alone, casme2/sub02; two are needed.",
], {
  change: (data) => Deno.remove(`${data}/${frames}/sub01`, { recursive: true }),
});
wrongRun("frames that are all gone", 1, ["no usable clip was found below DATA"], {
  change: async (data) => {
    for (const subject of ["sub01", "sub02"]) {
      for (const { name } of Deno.readDirSync(`${data}/${frames}/${subject}`)) {
        await Deno.remove(`${data}/${frames}/${subject}/${name}`, { recursive: true });
      }
    }
  },
});
const list = "combined_3class_gt.csv";
wrongRun("a composite list that is missing", 1, [
  `Cannot read the composite list DATA/${list}: `,
  "No such file",
], {
  change: (data) => Deno.remove(`${data}/${list}`),
});
wrongRun("an empty composite list", 1, [
  `the composite list DATA/${list}: it lists no clip; restore the official list`,
], {
  change: (data) => Deno.truncate(`${data}/${list}`),
});
wrongRun("a composite list with a fourth class", 1, [
  `DATA/${list}: line 1 has the label "3", which is none of 0, 1, 2`,
], {
  change: (data) => Deno.writeTextFile(`${data}/${list}`, "casme2,sub01,EP01_2,3\n"),
});

// Label maps and weights
const mapped = {
  ...good,
  macro: { databases: ["ckplus"], labelMaps: [`${testFolder()}/map.yaml`] },
} satisfies PipelineInput;
const map = (label: string, classes: string, of: string) =>
  Deno.writeTextFile(
    `${testFolder()}/map.yaml`,
    `from: ckplus\nto: composite\nclasses: ${classes}\nlabels:\n  ${label}: { class: ${of}, reason: a test }\n`,
  );
wrongRun("a label map with a class that it does not declare", 1, [
  "map.yaml: label anger has the class angry, which is none of negative",
], {
  pipeline: mapped,
  change: () => map("anger", "[negative]", "angry"),
});
wrongRun("a label map onto classes that the task lacks", 1, [
  "class astonished is none of the task's negative, positive, surprise",
], {
  pipeline: mapped,
  change: () => map("surprise", "[astonished]", "astonished"),
});
wrongRun("a label map that leaves a label out", 1, [
  "Cannot map the label of ckplus/",
  "is not in the map from ckplus to composite",
], {
  pipeline: mapped,
  change: () => map("anger", "[negative]", "negative"),
});
const pretrained = {
  ...good,
  clip: { frames: 3, size: 32 },
  network: { pretrained: "resnet18.safetensors", intervals: { count: 2 } },
} satisfies PipelineInput;
wrongRun("pretrained weights that are missing", 1, [
  "the pretrained weights DATA/resnet18.safetensors: put the file there",
], { pipeline: pretrained });
wrongRun("pretrained weights that are truncated", 1, [
  "Cannot read DATA/resnet18.safetensors: ",
  "truncated",
  "fetch or save the file again",
], {
  pipeline: pretrained,
  change: (data) =>
    Deno.writeFile(`${data}/resnet18.safetensors`, new Uint8Array([200, 0, 0, 0, 0, 0, 0, 0, 123])),
});
wrongRun("pretrained weights of a comparison method that are missing", 1, [
  "the pretrained weights DATA/resnet18.safetensors: put the file there or change methodSettings.pretrained",
], {
  pipeline: {
    name: "capsules",
    method: "capsulenet",
    micro: { databases: ["casme2"] },
    methodSettings: { pretrained: "resnet18.safetensors" },
    engine: "wasm",
  },
});

// Flow images
wrongRun("a flow folder without a manifest", 1, [
  "Cannot read the manifest DATA/flow/manifest.csv",
  "it lists file,database,subject,clip,label",
], {
  pipeline: flow,
  change: (data) => Deno.remove(`${data}/flow/manifest.csv`),
});
wrongRun("a flow manifest without a column", 1, ["DATA/flow/manifest.csv: its header lacks label"], {
  pipeline: flow,
  change: (data) => changeText(`${data}/flow/manifest.csv`, (text) => text.replace(",label", ",class")),
});
wrongRun("a flow label that is no class", 1, [
  "DATA/flow: manifest.csv gives casme2/",
  "the label 7, which is none of 0, 1, 2; correct it",
], {
  pipeline: flow,
  change: (data) => changeText(`${data}/flow/manifest.csv`, (text) => text.replace(/,\d\n/, ",7\n")),
});
async function changeText(file: string, change: (text: string) => string): Promise<void> {
  await Deno.writeTextFile(file, change(await Deno.readTextFile(file)));
}

// Arguments
const options: [string, string[], string][] = [
  ["--jobs 0", ["run", "x.yaml", "--jobs", "0"], "--jobs must be a whole number of at least 1, found 0"],
  [
    "--jobs two",
    ["run", "x.yaml", "--jobs", "two"],
    "--jobs must be a whole number of at least 1, found two",
  ],
  ["an unknown option", ["run", "x.yaml", "--resum"], "there is no option --resum (did you mean --resume?)"],
  ["an option without its value", ["run", "x.yaml", "--out"], "--out needs a value"],
  ["an option given twice", ["run", "x.yaml", "--jobs", "1", "--jobs=2"], "--jobs was given twice"],
  ["a value for a switch", ["run", "x.yaml", "--small=no"], "--small takes no value, found --small=no"],
  [
    "seeds that are none",
    ["run", "x.yaml", "--seeds", "1-5"],
    "--seeds must be whole numbers or ranges such as 1..5 or 1,4,7, found 1-5",
  ],
  [
    "a range of seeds the wrong way round",
    ["run", "x.yaml", "--seeds", "5..1"],
    "has the range 5..1 the wrong way round",
  ],
  ["a seed given twice", ["run", "x.yaml", "--seeds", "1..3,2"], "--seeds names 2 twice, found 1..3,2"],
  ["a million seeds", ["run", "x.yaml", "--seeds", "1..1000000"], "--seeds names more than 1000 seeds"],
  ["no pipeline", ["run"], "m2m run takes one pipeline file, such as experiments/demo.yaml"],
  ["two pipelines", ["run", "a.yaml", "b.yaml"], "m2m run takes one pipeline file"],
  ["an unknown command", ["scroe"], "There is no command scroe (did you mean score?)"],
  ["an unknown data command", ["data", "snyth"], "There is no command data snyth"],
  ["no folder to make data in", ["data", "synth"], "m2m data synth takes one folder"],
  [
    "data of a size that cannot be",
    ["data", "synth", "x", "--size", "5000"],
    "size must be an integer from 16 to 1024",
  ],
  ["no file to score", ["score"], "no file was given; name a MEGC2019 log or a predictions.csv"],
];
for (const [name, args, part] of options) {
  Deno.test(`m2m refuses ${name}`, async () => {
    if (args[1] === "x.yaml") args[1] = await yaml(good);
    await refused(2, [part], ...args);
  });
}

Deno.test("m2m data synth refuses to replace other databases unasked", async () => {
  const data = await goodData();
  const parts = [
    `Cannot make synthetic databases in ${data}: there are some of other settings`,
    "with --replace.",
  ];
  await refused(1, parts, "data", "synth", data, "--size", "32");
});

// Files to score
const scores: [string, string | undefined, string[]][] = [
  ["an empty file", "", ["FILE: the file is empty; give a MEGC2019 log or a predictions.csv."]],
  ["a log with a malformed line", "casme2 sub01\nEP01 0\nEP02 1 1\n", ["FILE", "line 2"]],
  ["a log without its first line", "EP01 0 1\n", ["FILE", "line 1"]],
  ["something else", "to whom it may concern,\n", ["FILE: it is neither a MEGC2019 log"]],
  ["predictions with a column missing", "database,subject,clip,truth\na,b,c,0\n", [
    "FILE",
    "line 1",
    "the columns must be",
  ]],
  ["a file that is missing", undefined, ["FILE: there is no such file; check the path."]],
];
for (const [name, content, parts] of scores) {
  Deno.test(`m2m score refuses ${name}`, async () => {
    const file = `${testFolder()}/scores ${++copies}`;
    if (content !== undefined) await Deno.writeTextFile(file, content);
    await refused(1, parts.map((part) => part.replace("FILE", file)), "score", file);
  });
}
Deno.test("m2m score refuses a clip that comes twice, and a folder", async () => {
  const file = `${testFolder()}/twice.log`;
  await Deno.writeTextFile(file, "casme2 sub01\nEP01 0 1\n");
  await refused(1, ["casme2/sub01/EP01", file, "give each clip once"], "score", file, file);
  await refused(1, [`Cannot read ${testFolder()}: it is a folder; name a file in it`], "score", testFolder());
});

// Run folders
Deno.test("m2m run refuses a run folder that is a file, or lies below one, and leaves the file alone", async () => {
  const file = `${testFolder()}/a file`;
  await Deno.writeTextFile(file, "kept");
  const args = ["run", await yaml(good), "--data", await goodData()];
  for (const out of [file, `${file}/run`]) {
    const part =
      `Cannot run in ${out}: there is a file of that name, or one above it; choose another folder with --out.`;
    await refused(2, [part], ...args, "--out", out);
  }
  assertEquals(await Deno.readTextFile(file), "kept");
});
Deno.test("m2m run refuses a folder that holds something else", async () => {
  const data = await goodData();
  const args = ["run", await yaml(good), "--data", data, "--out", data];
  await refused(2, [`Cannot run in ${data}: the folder holds something else`], ...args);
});
Deno.test("m2m run refuses an engine that is not installed", async () => {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: commandArgs(
      "run",
      await yaml({ ...good, engine: "native" }),
      "--data",
      await goodData(),
      "--out",
      `${testFolder()}/native`,
    ),
    env: { M2M_NATIVE: `${testFolder()}/nowhere` },
  }).output();
  const text = new TextDecoder();
  assertEquals([code, text.decode(stdout)], [1, ""]);
  const message = text.decode(stderr);
  assertStringIncludes(message, "The native engine cannot run here: the native engine is not installed");
  assertStringIncludes(message, "m2m engine install");
  assert(!message.includes("    at "), message);
});

// What is odd but usable: told by name, never misread.
async function plan(data: string, pipeline: PipelineInput = good): Promise<{ plan: Plan; said: string }> {
  const lines: string[] = [];
  const made = await makePlan(definePipeline(pipeline as Parameters<typeof definePipeline>[0]), "wasm", {
    data,
    cache: `${testFolder()}/cache`,
    small: false,
    say: (line) => lines.push(line),
  });
  return { plan: made, said: lines.join("\n") };
}
const names = ({ micro }: Plan) =>
  micro.map(({ subject, clip, classIndex }) => `${subject}/${clip}/${classIndex}`);
const five: PipelineInput = { ...good, micro: { databases: ["casme2"], classes: "casme2-5" } };

Deno.test("a table with moved columns is read right", async () => {
  const { plan: before } = await plan(await goodData(), five);
  const data = await copiedData();
  await changeTable(
    data,
    (rows) => rows.map((row) => [null, ...Array.from({ length: 9 }, (_, c) => row[8 - c] ?? null)]),
  );
  const { plan: after } = await plan(data, five);
  assertEquals(names(after), names(before));
  const pixels = (p: Plan) => Promise.all(p.micro.map(({ file }) => Deno.readFile(file)));
  assertEquals(await pixels(after), await pixels(before)); // onset, apex and offset too
});

Deno.test("a label that the database has not is told, its clip left out", async () => {
  const { plan: before } = await plan(await goodData(), five);
  const data = await copiedData();
  await changeTable(data, (rows) => {
    const column = rows[0]!.indexOf("Estimated Emotion");
    return rows.map((row, i) => i === 1 ? row.map((cell, c) => c === column ? "joy" : cell) : row);
  });
  const { plan: after, said } = await plan(data, five);
  assertEquals(after.micro.length, before.micro.length - 1);
  assertStringIncludes(said, "label joy; the clip is left out; correct the table");
});

Deno.test("a listed clip that is not on disk is told by name", async () => {
  const data = await copiedData();
  await changeText(`${data}/${list}`, (text) => `${text}casme2,sub09,EP99_01,1\r\n`);
  const { said } = await plan(data);
  assertStringIncludes(
    said,
    "left out casme2/sub09/EP99_01: sample none; the official list has the clip, the database on disk does not",
  );
});

Deno.test("a missing frame is told; a clip without half of its frames is left out by name", async () => {
  const { plan: before } = await plan(await goodData());
  const data = await copiedData();
  const files = framesOf(data);
  await Deno.remove(files[1]!);
  const one = await plan(data);
  assertEquals(names(one.plan), names(before));
  assertStringIncludes(one.said, "that leave");
  for (const file of files.slice(2)) await Deno.remove(file);
  const most = await plan(data);
  assertEquals(most.plan.micro.length, before.micro.length - 1);
  assertStringIncludes(most.said, "the clip is left out; copy its folder again from the database");
});

Deno.test("a subject with one clip is a fold like the others", async () => {
  const data = await copiedData();
  const clips = (await Deno.readTextFile(`${data}/${list}`)).trim().split("\r\n");
  const [first, ...others] = clips;
  const kept = [first, ...others.filter((line) => !line.includes("sub01"))];
  await Deno.writeTextFile(`${data}/${list}`, kept.join("\r\n"));
  const out = `${testFolder()}/one clip`;
  await withCache(async () => {
    const { code, err, out: table } = await m2m(
      "run",
      await yaml({ ...good, macro: undefined }),
      "--data",
      data,
      "--out",
      out,
      "--json",
      "--jobs",
      "2",
    );
    assertEquals(code, 0, err);
    assertEquals(JSON.parse(table).full.n, kept.length);
    assertStringIncludes(err, "fold casme2/sub01 done in");
  });
  assertEquals((await Deno.readTextFile(`${out}/predictions.csv`)).match(/,sub01,/g)?.length, 1);
});
