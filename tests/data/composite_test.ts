import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { readComposite, readCompositeList } from "../../data/mod.ts";
import { type DatabaseReading, type Sample, UserError } from "../../types.ts";
import { needsReal, realTables, tableFile } from "./readers/_databases.ts";

const sample = (database: string, subject: string, clip: string): Sample => ({
  database,
  subject,
  clip,
  label: "others", // the list decides, whatever the table says
  source: { kind: "images", files: [] },
  onset: 0,
  apex: 1,
  offset: 2,
  apexOrigin: "coded",
  fps: 200,
});
const reading = (
  database: string,
  samples: Sample[],
  problems: DatabaseReading["problems"] = [],
): DatabaseReading => ({
  database,
  edition: "part",
  samples,
  problems,
});

Deno.test("readComposite: SAMM's lost zeros, SMIC's s01 and s1, the list's class, counts, missing clips", async () => {
  const list = await tableFile(
    "casme2,sub01,EP02_01f,1\r\nsmic,s01,s01_ne_01,0\r\nsmic,s20,s20_sur_01,2\r\nsamm,6,006_1_2,0\r\nsamm,7,007_1_1,2\r\n",
    "csv",
  );
  const lost = { clip: "007/007_1_1", field: "folder", found: "missing", remedy: "", dropped: true };
  const { samples, classes, counts, problems } = await readComposite(list, [
    reading("samm", [sample("samm", "006", "006_1_2"), sample("samm", "037", "037_3_1")], [lost]),
    reading("casme2", [sample("casme2", "sub01", "EP02_01f")]),
    reading("smic", [sample("smic", "s1", "s1_ne_01")]),
  ]);
  assertEquals(
    samples.map((
      { database, subject, clip, classIndex, label },
    ) => [database, subject, clip, classIndex, label]),
    [
      ["casme2", "sub01", "EP02_01f", 1, "positive"],
      ["smic", "s01", "s01_ne_01", 0, "negative"],
      ["samm", "006", "006_1_2", 0, "negative"],
    ],
  );
  assertEquals(classes, ["negative", "positive", "surprise"]);
  assertEquals(counts, {
    casme2: { listed: 1, found: 1 },
    smic: { listed: 2, found: 1 },
    samm: { listed: 2, found: 1 },
  });
  assertEquals(problems.map(({ clip, found, dropped }) => [clip, found, dropped]), [
    ["smic/s20/s20_sur_01", "none", true],
    ["samm/007/007_1_1", "folder: missing", true],
  ]);
});

Deno.test("readComposite: a database that was not read leaves all its clips as problems", async () => {
  const list = [{ database: "samm", subject: "006", clip: "006_1_2", classIndex: 0 }] as const;
  const { samples, counts, problems } = await readComposite(list, []);
  assertEquals([samples.length, counts["samm"]], [0, { listed: 1, found: 0 }]);
  assertStringIncludes(problems[0]!.remedy, "was not read");
});

Deno.test("readCompositeList: refuses a foreign line by its number", async () => {
  const refused = async (text: string, words: string) => {
    const file = await tableFile(text, "csv");
    const error = await assertRejects(() => readCompositeList(file), UserError, words);
    assertStringIncludes(error.message, file);
  };
  await refused("casme2,sub01,EP02_01f,1\nckplus,S005,S005_001,0\n", 'line 2 names the database "ckplus"');
  await refused("casme2,sub01,EP02_01f,3\n", 'label "3"');
  await refused("casme2,sub01,EP02_01f\n", "db,subject,clip,label");
  await refused("casme2,,EP02_01f,1\n", "db,subject,clip,label");
  await refused("samm,6,006_1_2,0\nsamm,006,006_1_2,0\n", "a second time");
  await refused("", "lists no clip");
});

Deno.test({
  name: `readCompositeList: the real list, 442 clips of 68 subjects${needsReal}`,
  ignore: realTables === undefined,
  fn: async () => {
    const list = await readCompositeList(`${realTables}/combined_3class_gt.csv`);
    assertEquals(list.length, 442);
    assertEquals(new Set(list.map(({ database, subject }) => `${database}/${subject}`)).size, 68);
    const classes = (database?: string) =>
      [0, 1, 2].map((k) =>
        list.filter((entry) => entry.classIndex === k && (!database || entry.database === database)).length
      );
    assertEquals(classes(), [250, 109, 83]);
    assertEquals(classes("smic"), [70, 51, 43]);
    assertEquals(classes("casme2"), [88, 32, 25]);
    assertEquals(classes("samm"), [92, 26, 15]);
    const subjects = (database: string) =>
      new Set(list.filter((e) => e.database === database).map((e) => e.subject)).size;
    assertEquals([subjects("smic"), subjects("casme2"), subjects("samm")], [16, 24, 28]);
  },
});
