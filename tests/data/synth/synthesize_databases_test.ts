import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { join, relative } from "node:path";
import sharp from "sharp";
import {
  readCasme2,
  readCasme2Table,
  readCkplus,
  readComposite,
  readMmi,
  readSamm,
  readSammTable,
  readSmic,
} from "../../../data/mod.ts";
import { synthesizeDatabases, type SynthOptions, type SynthReport } from "../../../data/synth/mod.ts";
import { UserError } from "../../../types.ts";

const options: SynthOptions = {
  seed: 5,
  subjects: { casme2: 5, smic: 2, samm: 2, ckplus: 2, mmi: 2 },
  clipsPerSubject: 8,
  macroClipsPerSubject: 3,
  size: 24,
  frames: 6,
  macroFrames: 6,
};
let made: Promise<{ root: string; report: SynthReport }> | undefined;
/** One set of tiny databases for all tests of this file. */
function databases() {
  return made ??= (async () => {
    const root = join(await Deno.makeTempDir({ prefix: "m2m_synth_" }), "databases");
    return { root, report: await synthesizeDatabases(root, options) };
  })();
}
Deno.test.afterAll(async () => {
  if (made !== undefined) await Deno.remove(join((await made).root, ".."), { recursive: true });
});

async function filesBelow(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const entry of Deno.readDir(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory) found.push(...await filesBelow(path));
    else found.push(path);
  }
  return found.sort();
}
const below = async (folder: string) => (await filesBelow(folder)).map((file) => relative(folder, file));

Deno.test("the layouts are those of the databases", async () => {
  const { root, report } = await databases();
  const layouts: Record<string, RegExp> = {
    casme2: /^(CASME2-coding-20140508\.xlsx|Cropped\/sub\d\d\/EP\d\d(_\d\d?){0,2}f?\/reg_img[1-9]\d*\.jpg)$/,
    smic:
      /^(SMIC-HS-E_annotation\.xlsx|SMIC_all_cropped\/HS\/(s\d+)\/micro\/(negative\/\2_ne|positive\/\2_po|surprise\/\2_sur)_\d\d\/reg_image\d+\.bmp)$/,
    samm: /^(SAMM_Micro_FACS_Codes_v2\.xlsx|SAMM\/(\d{3})\/\2_\d_\d\/\2_\d{5}\.jpg)$/,
    ckplus:
      /^(cohn-kanade-images\/(S\d{3})\/(\d{3})\/\2_\3_\d{8}\.png|(?:Emotion|FACS|Landmarks)\/(S\d{3})\/(\d{3})\/\4_\5_\d{8}_(emotion|facs|landmarks)\.txt)$/,
    mmi: /^Sessions\/\d+\/(session\.xml|S\d{3}-\d{3}(\.xml|-oao_aucs\.xml|\.avi|-\d{4}\.jpg))$/,
  };
  for (const [name, layout] of Object.entries(layouts)) {
    const files = await below(join(root, name));
    assert(files.length > 20, name);
    for (const file of files) assertMatch(file, layout);
  }
  assertEquals(report.counts, { casme2: 40, smic: 16, samm: 16, ckplus: 6, mmi: 6, composite: 66 });
  assertEquals(report.reused, false);
});

Deno.test("pictures have the formats of the databases", async () => {
  const { root } = await databases();
  const first = async (folder: string, ending: string) =>
    (await filesBelow(join(root, folder))).find((file) => file.endsWith(ending))!;
  const facts = async (file: string) => {
    const { format, width, height, channels } = await sharp(file).metadata();
    return [format, width, height, channels];
  };
  assertEquals(await facts(await first("casme2", ".jpg")), ["jpeg", 24, 24, 3]);
  assertEquals(await facts(await first("samm", ".jpg")), ["jpeg", 24, 24, 1]);
  assertEquals(await facts(await first("ckplus", ".png")), ["png", 24, 24, 1]);
  assertEquals(await facts(await first("mmi", ".jpg")), ["jpeg", 24, 24, 3]);
  assertEquals((await Deno.readFile(await first("smic", ".bmp"))).length, 54 + 24 * 72);
});

Deno.test("the readers read every database, oddities reported by name", async () => {
  const { root } = await databases();
  const has = (problems: readonly { field: string; found: string }[], field: string, found: RegExp) =>
    assert(
      problems.some((p) => p.field === field && found.test(p.found)),
      `${field} ${found} not among the problems`,
    );
  const casme2 = await readCasme2(join(root, "casme2"));
  assertEquals(casme2.samples.length, 40);
  has(casme2.problems, "apex", /^\/$/);
  has(casme2.problems, "apex", /^apex (\d+), onset \1,/);
  has(casme2.problems, "frames", /missing/);
  has(casme2.problems, "action units", /\?/);
  for (const odd of ["EP01_2", "EP08_1", "EP09f", "EP06_02_01"]) {
    assert(casme2.samples.some(({ clip }) => clip === odd), odd);
  }
  const smic = await readSmic(join(root, "smic"));
  assertEquals(smic.samples.length, 16);
  has(smic.problems, "row", /none/);
  has(smic.problems, "Onset2F", /second expression/);
  has(smic.problems, "FirstF", /MISSING/);
  has(smic.problems, "onset", /outside/);
  has(smic.problems, "label", /negative/);
  assertEquals(smic.problems.filter(({ dropped }) => dropped), []);
  const samm = await readSamm(join(root, "samm"));
  assertEquals(samm.samples.length, 16);
  assertEquals(samm.samples.filter(({ apexOrigin }) => apexOrigin === "midpoint").length, 2);
  const ckplus = await readCkplus(join(root, "ckplus"));
  assertEquals(ckplus.samples.length, 5); // one sequence has no emotion file
  const mmi = await readMmi(join(root, "mmi"));
  assertEquals(mmi.samples.filter(({ source }) => source.kind === "images").length >= 4, true);
  has(mmi.problems, "label", /emotion 9/);
  for (const { onset, apex, offset, apexOrigin } of mmi.samples) {
    assert(apexOrigin === "coded" && onset < apex && apex < offset);
  }
});

Deno.test("the coding tables have the headers and the preamble of the real ones", async () => {
  const { root } = await databases();
  const casme2 = await readCasme2Table(join(root, "casme2/CASME2-coding-20140508.xlsx"));
  assertEquals([casme2.rows.length, casme2.rows[0]!.line, casme2.rows[0]!.subject], [40, 2, "sub01"]);
  const samm = await readSammTable(join(root, "samm/SAMM_Micro_FACS_Codes_v2.xlsx"));
  assertEquals([samm.rows.length, samm.rows[0]!.line, samm.rows[0]!.subject], [16, 15, "006"]);
  for (const { onset, apex, offset, subject, clip } of casme2.rows.filter((row) => row.label !== "others")) {
    assert(onset! < apex! && apex! < offset!, `${subject}/${clip}`);
  }
});

Deno.test("the composite's list has no header, CRLF and lost zeros, and every clip is found", async () => {
  const { root, report } = await databases();
  const text = await Deno.readTextFile(report.compositeList!);
  const lines = text.split("\r\n");
  assertEquals([lines.length, lines.at(-1)], [67, ""]);
  for (const line of lines.slice(0, -1)) {
    assertMatch(
      line,
      /^(casme2,sub\d\d,EP\w+|smic,(s\d\d),\2_(ne|po|sur)_\d\d|samm,([1-9]\d?),0+\4_\d_\d),[012]$/,
    );
  }
  const readings = [
    await readCasme2(join(root, "casme2")),
    await readSmic(join(root, "smic")),
    await readSamm(join(root, "samm")),
  ];
  const { samples, problems } = await readComposite(report.compositeList!, readings);
  assertEquals([samples.length, problems], [66, []]);
  for (const c of [0, 1, 2]) assert(samples.filter(({ classIndex }) => classIndex === c).length >= 18);
});

Deno.test("flow pictures come with a manifest, one for each clip of the composite", async () => {
  const { report } = await databases();
  const [header, ...lines] = (await Deno.readTextFile(join(report.flow!, "manifest.csv"))).trimEnd().split(
    "\n",
  );
  assertEquals([header, lines.length], ["file,database,subject,clip,label", 66]);
  for (const line of lines) {
    const [file, database, subject, clip] = line.split(",");
    assertEquals(file, `${database}_${subject}_${clip}.png`);
    const { width, height, channels } = await sharp(join(report.flow!, file!)).metadata();
    assertEquals([width, height, channels], [28, 28, 3]);
  }
  assert(lines.some((line) => /^samm_006_\d+_\d_\d\.png,samm,006,006_/.test(line)));
});

Deno.test("CK+ sequences come with an emotion as a float, 68 landmarks a frame, action units", async () => {
  const { root } = await databases();
  const files = await below(join(root, "ckplus"));
  const text = (part: string) =>
    Deno.readTextFile(join(root, "ckplus", files.find((file) => file.startsWith(part))!));
  assertMatch(await text("Emotion/"), /^ {3}[1-7]\.0000000e\+00\n$/);
  assertMatch(await text("FACS/"), /^( {3}\d\.\d{7}e\+\d\d){2}\n/);
  const points = (await text("Landmarks/")).trimEnd().split("\n").map((line) =>
    line.trim().split(/ +/).map(Number)
  );
  assertEquals([points.length, points[0]!.length], [68, 2]);
  // The outer corners of the eyes (36, 45) are left and right, above the mouth (48, 54).
  assert(points[36]![0]! < 12 && points[45]![0]! > 12 && points[36]![1]! < points[48]![1]!);
  const count = (part: string) => files.filter((file) => file.startsWith(part)).length;
  assertEquals(count("Landmarks/"), count("cohn-kanade-images/"));
});

Deno.test("MMI says why it has no video where ffmpeg is missing", async () => {
  const { root, report } = await databases();
  const videos = (await below(join(root, "mmi"))).filter((file) => file.endsWith(".avi"));
  if (videos.length === 0) assertMatch(report.notes.join(), /MMI: ffmpeg is not on the PATH.*install ffmpeg/);
  else assertEquals(report.notes, []);
});

Deno.test("the same options give the same bytes, another seed gives other ones", async () => {
  const { root } = await databases(), folder = join(root, "..");
  await synthesizeDatabases(join(folder, "again"), options);
  const files = await below(root);
  assertEquals(await below(join(folder, "again")), files);
  for (const file of files) {
    assertEquals(
      await Deno.readFile(join(folder, "again", file)),
      await Deno.readFile(join(root, file)),
      file,
    );
  }
  const small = { ...options, subjects: { casme2: 1, smic: 0, samm: 0, ckplus: 0, mmi: 0 }, seed: 6 };
  await synthesizeDatabases(join(folder, "other"), small);
  const other = (await filesBelow(join(folder, "other/casme2/Cropped")))[0]!;
  const own = (await filesBelow(join(root, "casme2/Cropped")))[0]!;
  assert(String(await Deno.readFile(other)) !== String(await Deno.readFile(own)));
});

Deno.test("equal databases are kept, others are refused or replaced, foreign folders refused", async () => {
  const folder = await Deno.makeTempDir(), root = join(folder, "db");
  const tiny: SynthOptions = {
    subjects: { casme2: 1, smic: 0, samm: 0, ckplus: 0, mmi: 0 },
    clipsPerSubject: 1,
    size: 16,
    frames: 6,
  };
  const steps: string[] = [];
  await synthesizeDatabases(root, {
    ...tiny,
    onProgress: ({ done, total }) => steps.push(`${done}/${total}`),
  });
  assertEquals(steps, ["1/1"]);
  const before = (await Deno.stat(root)).ino;
  assertEquals((await synthesizeDatabases(root, tiny)).reused, true);
  assertEquals((await Deno.stat(root)).ino, before);
  await assertRejects(
    () => synthesizeDatabases(root, { ...tiny, size: 18 }),
    UserError,
    "there are some of other settings (size)",
  );
  assertEquals((await synthesizeDatabases(root, { ...tiny, size: 18, replace: true })).reused, false);
  await Deno.writeTextFile(join(root, "notes.txt"), "mine");
  await assertRejects(() => synthesizeDatabases(root, { ...tiny, replace: true }), UserError, "notes.txt");
  assertEquals(await Deno.readTextFile(join(root, "notes.txt")), "mine");
  await Deno.mkdir(join(folder, "foreign/photos"), { recursive: true });
  await assertRejects(
    () => synthesizeDatabases(join(folder, "foreign"), { ...tiny, replace: true }),
    UserError,
    "the folder holds something else (photos)",
  );
  await Deno.writeTextFile(join(folder, "file"), "");
  await assertRejects(() => synthesizeDatabases(join(folder, "file"), tiny), UserError, "it is not a folder");
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a folder that cannot be made is told in one sentence", async () => {
  const file = await Deno.makeTempFile();
  for (const root of [`${file}/synthetic`, `${file}/deeper/synthetic`]) {
    const error = await assertRejects(
      () => synthesizeDatabases(root),
      UserError,
      "Cannot make synthetic databases in",
    );
    assert(!error.message.includes("\n"));
  }
  await Deno.remove(file);
});

Deno.test("an interrupted run leaves nothing", async () => {
  const folder = await Deno.makeTempDir();
  const stop = () => {
    throw new Error("stopped");
  };
  const subjects = { casme2: 1, smic: 0, samm: 0, ckplus: 0, mmi: 0 };
  await assertRejects(
    () => synthesizeDatabases(join(folder, "db"), { subjects, size: 16, frames: 6, onProgress: stop }),
    Error,
    "stopped",
  );
  assertEquals([...Deno.readDirSync(folder)], []);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("options out of range are refused before anything is written", async () => {
  const refused = (wrong: SynthOptions, words: string) =>
    assertRejects(() => synthesizeDatabases("nowhere", wrong), RangeError, words);
  await refused({ size: 8 }, "size must be an integer from 16 to 1024, current value is 8");
  await refused(
    { subjects: { smic: -1 } },
    "subjects.smic must be an integer from 0 to 500, current value is -1",
  );
  await refused({ microIntensity: 0 }, "microIntensity must be above 0 and at most 1, current value is 0");
});
