import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { applyLabelMap, classSetNames, type LabelMap, labelMapNames, readLabelMap } from "../../data/mod.ts";
import { type Sample, UserError } from "../../types.ts";
import { tableFile } from "./readers/_databases.ts";

const samples = (database: string, counts: Record<string, number>): Sample[] =>
  Object.entries(counts).flatMap(([label, n]) =>
    Array.from({ length: n }, (_, i): Sample => ({
      database,
      subject: "S005",
      clip: `${label}${i}`,
      label,
      source: { kind: "images", files: [] },
      onset: 0,
      apex: 1,
      offset: 1,
      apexOrigin: "coded",
      fps: 30,
    }))
  );
const countsOf = (map: LabelMap, given: Sample[]) => {
  const mapped = applyLabelMap(given, map);
  return map.classes.map((_, k) => mapped.samples.filter((sample) => sample.classIndex === k).length);
};
const ckplus = { surprise: 83, happy: 69, disgust: 59, anger: 45, sadness: 28, fear: 25, contempt: 18 };

Deno.test("label maps: CK+ in three classes is 175, 69, 83", async () => {
  const map = await readLabelMap("ckplus-to-composite");
  assertEquals(map.classes, ["negative", "positive", "surprise"]);
  assertEquals(countsOf(map, samples("ckplus", ckplus)), [175, 69, 83]);
});

Deno.test("label maps: every map of the package is whole: its name, every label, classes without macro clips", async () => {
  const empty: Record<string, string[]> = {
    casme2: ["repression", "others"],
    composite: [],
    "ckplus-to-samm": ["other"],
    "mmi-to-samm": ["contempt", "other"],
    smic: [],
  };
  for (const name of labelMapNames) {
    const map = await readLabelMap(name);
    assertEquals(`${map.from}-to-${map.to}`, name);
    const labels = map.from === "ckplus"
      ? ["neutral", ...Object.keys(ckplus)]
      : Object.keys(ckplus).filter((label) => label !== "contempt");
    assertEquals(Object.keys(map.labels).sort(), labels.sort(), name);
    const used = new Set(Object.values(map.labels).map((entry) => entry.class));
    assertEquals(map.classes.filter((label) => !used.has(label)), empty[name] ?? empty[map.to], name);
  }
});

Deno.test("class sets: 246, 136 and 164 clips from the published counts", async () => {
  const tables: Record<string, Record<string, number>> = {
    casme2: { others: 99, disgust: 63, happiness: 32, repression: 27, surprise: 25, sadness: 7, fear: 2 },
    samm: {
      anger: 57,
      other: 26,
      happiness: 26,
      surprise: 15,
      contempt: 12,
      disgust: 9,
      fear: 8,
      sadness: 6,
    },
    smic: { negative: 70, positive: 51, surprise: 43 },
  };
  const sizes = await Promise.all(classSetNames.map(async (name) => {
    const map = await readLabelMap(name);
    return applyLabelMap(samples(map.from, tables[map.from]!), map).samples.length;
  }));
  assertEquals(sizes, [246, 136, 164]);
  const { dropped } = applyLabelMap(samples("samm", tables["samm"]!), await readLabelMap("samm-5"));
  assertEquals(dropped, { disgust: 9, fear: 8, sadness: 6 });
});

Deno.test("applyLabelMap: refuses another database, an unknown label and a class that the task lacks", async () => {
  const map = await readLabelMap("ckplus-to-casme2");
  assertThrows(() => applyLabelMap(samples("mmi", { happy: 1 }), map), UserError, "is for ckplus");
  assertThrows(() => applyLabelMap(samples("ckplus", { joy: 1 }), map), UserError, '"joy" is not in the map');
  assertThrows(() => applyLabelMap(samples("ckplus", { toString: 1 }), map), UserError, "is not in the map");
  assertThrows(
    () => applyLabelMap(samples("ckplus", { happy: 1 }), map, ["surprise"]),
    UserError,
    "class happiness",
  );
  const reordered = applyLabelMap(samples("ckplus", { happy: 1 }), map, ["surprise", "happiness"]);
  assertEquals(reordered.samples[0]!.classIndex, 1);
});

Deno.test("readLabelMap: refuses a file that is not whole", async () => {
  const refused = (text: string, words: string) =>
    assertRejects(async () => readLabelMap(await tableFile(text, "yaml")), UserError, words);
  const good = "from: a\nto: b\nclasses: [x]\nlabels:\n  l: { class: x, reason: r }\n";
  assertEquals((await readLabelMap(await tableFile(good, "yaml"))).classes, ["x"]);
  await refused("", "must have from");
  await refused("a: [", "not YAML");
  await refused(good + "extra: 1\n", "unknown key extra");
  await refused(good.replace("class: x", "class: y"), "none of x");
  await refused(good.replace(", reason: r", ""), "has no reason");
  await refused(good.replace("[x]", "[x, x]"), "comes twice");
  await assertRejects(() => readLabelMap("no-such-map"), UserError, "no-such-map");
});
