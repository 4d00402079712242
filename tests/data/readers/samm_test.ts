import { assertEquals } from "@std/assert";
import { applyCorrections, readCorrections, readSamm, readSammTable } from "../../../data/mod.ts";
import { brief, frames, needsReal, plant, realTables, sammHeader, sheet, tableFile } from "./_databases.ts";

const row = (
  clip: string,
  onset: number,
  apex: number,
  offset: number,
  label: string,
  au: string | number = 4,
) => {
  const duration = { formula: "OFFSET-ONSET+1", value: offset - onset + 1 };
  return [
    clip.slice(0, 3),
    clip,
    Number(clip[4]),
    onset,
    apex,
    offset,
    duration,
    "Micro - 1/2",
    au,
    label,
    3,
    null,
  ];
};
const preamble = [["SAMM Dataset - Master FACS Codes"], [], ["Symbol Key:"], ['"/" = or']];
const table = "SAMM_Micro_FACS_Codes_v2.xlsx";

Deno.test("readSamm: the header below a preamble, subjects with their zeros, padded frame numbers", async () => {
  const root = await plant({
    [table]: sheet([
      ...preamble,
      sammHeader,
      row("006_1_2", 9998, 10001, 10003, "Anger", "R14+17+soft focus "),
    ], "MICRO_ONLY"),
    ...frames(9997, 10003, (n) => `SAMM/006/006_1_2/006_${String(n).padStart(5, "0")}.jpg`),
  });
  const { samples, problems } = await readSamm(root);
  assertEquals(
    samples.map((
      { subject, clip, label, onset, apex, offset },
    ) => [subject, clip, label, onset, apex, offset]),
    [
      ["006", "006_1_2", "anger", 1, 4, 6],
    ],
  );
  assertEquals(brief(problems), [`${table} edition`]);
});

Deno.test("readSamm: an apex outside its clip becomes the midpoint unless a correction matches", async () => {
  const root = await plant({
    [table]: sheet([
      sammHeader,
      row("028_4_1", 11, 30, 20, "Contempt"),
      row("032_3_1", 4896, 1930, 4970, "Anger"),
    ]),
    ...frames(11, 20, (n) => `SAMM/028/028_4_1/028_000${n}.jpg`),
    ...frames(4890, 4970, (n) => `SAMM/032/032_3_1/032_0${n}.jpg`),
  });
  const { samples, problems } = await readSamm(root);
  assertEquals(samples.map(({ apex, apexOrigin }) => [apex, apexOrigin]), [[4, "midpoint"], [40, "coded"]]);
  assertEquals(brief(problems), [
    `${table} edition`,
    "028/028_4_1 apex",
    "032/032_3_1 apex",
  ]);
  const plain = await readSamm(root, { corrections: false });
  assertEquals(plain.samples[1]!.apexOrigin, "midpoint");
});

Deno.test("readSammTable: a clip under another subject's number is reported", async () => {
  const file = await tableFile(sheet([sammHeader, ["007", ...row("006_1_2", 1, 2, 3, "Anger").slice(1)]]));
  assertEquals(brief((await readSammTable(file)).problems).slice(1), ["007/006_1_2 subject"]);
});

Deno.test({
  name: `readSammTable: the real table, both typos by name${needsReal}`,
  ignore: realTables === undefined,
  fn: async () => {
    const read = await readSammTable(`${realTables}/${table}`);
    assertEquals(read.edition, "SAMM v2: 159 clips of 29 subjects");
    assertEquals([read.rows.length, new Set(read.rows.map((entry) => entry.subject)).size], [159, 29]);
    assertEquals(brief(read.problems), ["028/028_4_1 apex", "032/032_3_1 apex"]);
    const five = ["anger", "contempt", "happiness", "surprise", "other"];
    assertEquals(read.rows.filter((entry) => five.includes(entry.label!)).length, 136);
    const own = new URL("../../../data/corrections/samm.csv", import.meta.url);
    const corrected = applyCorrections(read, await readCorrections(own));
    assertEquals(corrected.rows.find((entry) => entry.clip === "032_3_1")!.apex, 4930);
    assertEquals(brief(corrected.problems), ["028/028_4_1 apex", "032/032_3_1 apex"]);
    assertEquals(corrected.problems[1]!.remedy.startsWith("corrected to 4930"), true);
  },
});
