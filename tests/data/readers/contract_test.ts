// What every reader promises, on a miniature of each database.
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { readDatabase } from "../../../data/mod.ts";
import { type DatabaseName, databaseNames, UserError } from "../../../types.ts";
import { casme2Header, frames, plant, sammHeader, sheet, smicHeader, type Tree } from "./_databases.ts";

/** A database of two clips: its files, the folder of the first clip's frames, and how problems name that clip. */
interface Miniature {
  readonly tree: Tree;
  readonly folder: string;
  readonly clip: string;
}

const pad = (n: number, digits: number) => String(n).padStart(digits, "0");
const smicRow = (clip: string, first: number, last: number, label: string) =>
  smicHeader.map((_, i) =>
    [1, clip, null, first, last, null, null, null, first, last, last - first + 1, null, 9, label][i]!
  );
const session = (id: number): Tree => ({
  [`Sessions/${id}/session.xml`]: '<Session><Track view="0"/></Session>',
  [`Sessions/${id}/S001-00${id}.xml`]: '<M><Metatag Name="Emotion" Value="4"/></M>',
  ...frames(1, 5, (n) => `Sessions/${id}/S001-00${id}-${pad(n, 3)}.jpg`),
});

const miniatures: Record<DatabaseName, Miniature> = {
  casme2: {
    tree: {
      "CASME2-coding-20140508.xlsx": sheet([
        casme2Header,
        ["01", "EP01_01", null, 8, 10, 12, null, 4, "disgust"],
        ["02", "EP01_01", null, 8, 10, 12, null, 12, "happiness"],
      ]),
      ...frames(8, 12, (n) => `Cropped/sub01/EP01_01/reg_img${n}.jpg`),
      ...frames(8, 12, (n) => `Cropped/sub02/EP01_01/reg_img${n}.jpg`),
    },
    folder: "Cropped/sub01/EP01_01",
    clip: "sub01/EP01_01",
  },
  samm: {
    tree: {
      "SAMM_Micro_FACS_Codes_v2.xlsx": sheet([
        ["SAMM"],
        sammHeader,
        ["006", "006_1_2", 1, 98, 100, 103, 6, "Micro - 1/2", 4, "Anger", 3, null],
        ["007", "007_1_2", 1, 98, 100, 103, 6, "Micro - 1/2", 12, "Happiness", 1, null],
      ]),
      ...frames(98, 103, (n) => `SAMM/006/006_1_2/006_${pad(n, 5)}.jpg`),
      ...frames(98, 103, (n) => `SAMM/007/007_1_2/007_${pad(n, 5)}.jpg`),
    },
    folder: "SAMM/006/006_1_2",
    clip: "006/006_1_2",
  },
  smic: {
    tree: {
      "SMIC-HS-E_annotation.xlsx": sheet([
        smicHeader,
        smicRow("s1_ne_01", 98, 104, "negative"),
        smicRow("s1_po_01", 98, 104, "positive"),
      ], "HS"),
      ...frames(98, 104, (n) => `SMIC_all_cropped/HS/s1/micro/negative/s1_ne_01/reg_image${n}.bmp`),
      ...frames(98, 104, (n) => `SMIC_all_cropped/HS/s1/micro/positive/s1_po_01/reg_image${n}.bmp`),
    },
    folder: "SMIC_all_cropped/HS/s1/micro/negative/s1_ne_01",
    clip: "s1/s1_ne_01",
  },
  ckplus: {
    tree: {
      ...frames(1, 6, (n) => `cohn-kanade-images/S005/001/S005_001_${pad(n, 8)}.png`),
      ...frames(1, 6, (n) => `cohn-kanade-images/S010/001/S010_001_${pad(n, 8)}.png`),
      "Emotion/S005/001/S005_001_00000006_emotion.txt": "   3.0000000e+00\n",
      "Emotion/S010/001/S010_001_00000006_emotion.txt": "   5.0000000e+00\n",
    },
    folder: "cohn-kanade-images/S005/001",
    clip: "S005/S005_001",
  },
  mmi: { tree: { ...session(1), ...session(2) }, folder: "Sessions/1", clip: "S001/S001-001" },
};

/** The calls that every reader must answer alike. */
function databaseContract(name: DatabaseName): void {
  const { tree, folder, clip } = miniatures[name];
  const facts = async (root: string) => {
    const { samples } = await readDatabase(name, root);
    return samples.map((sample) => {
      const { source, ...rest } = sample;
      return {
        ...rest,
        files: source.kind === "images" ? source.files.map((file) => file.slice(root.length)) : [],
      };
    });
  };

  Deno.test(`${name}: samples are whole, in order and the same each time`, async () => {
    const root = await plant(tree);
    const reading = await readDatabase(name, root);
    assertEquals(reading.database, name);
    assert(reading.edition.length > 0);
    assertEquals(reading.samples.length, 2);
    for (const sample of reading.samples) {
      assertEquals(sample.database, name);
      assertEquals(sample.label, sample.label.toLowerCase());
      const files = sample.source.kind === "images" ? sample.source.files : [];
      for (const file of files) assert(file.startsWith("/") && (await Deno.stat(file)).isFile);
      assert(
        0 <= sample.onset && sample.onset <= sample.apex && sample.apex <= sample.offset &&
          sample.offset < files.length,
      );
      assert(sample.onset < sample.offset && sample.fps > 0);
    }
    const names = reading.samples.map((sample) => `${sample.subject}/${sample.clip}`);
    assertEquals(names, [...new Set(names)].sort());
    assertEquals(await readDatabase(name, root), reading);
  });

  Deno.test(`${name}: stray files and hidden folders change nothing`, async () => {
    const root = await plant({
      ...tree,
      "readme.txt": "notes",
      ".DS_Store": null,
      "__MACOSX/x.jpg": null,
      [`${folder}/Thumbs.db`]: null,
      [`${folder}/._x1.jpg`]: null,
    });
    assertEquals(await facts(root), await facts(await plant(tree)));
  });

  Deno.test(`${name}: a clip without frames is left out by name, the other one untouched`, async () => {
    const root = await plant(tree);
    const before = await facts(root);
    for await (const { name: file } of Deno.readDir(`${root}/${folder}`)) {
      if (/\.(jpg|png|bmp)$/.test(file)) await Deno.remove(`${root}/${folder}/${file}`);
    }
    assertEquals(await facts(root), before.slice(1));
    const { problems } = await readDatabase(name, root);
    assertEquals(problems.filter((problem) => problem.dropped).map((problem) => problem.clip), [clip]);
    for (const problem of problems) {
      assert(problem.found !== "" && problem.remedy !== "" && problem.field !== "");
    }
  });

  Deno.test(`${name}: a missing, empty or wrong root is refused by name`, async () => {
    const empty = await plant({});
    const file = `${await plant({ "a.txt": "" })}/a.txt`;
    for (const root of [`${empty}/gone`, file, empty]) {
      const error = await assertRejects(() => readDatabase(name, root), UserError);
      assertStringIncludes(error.message, root);
      assertEquals(error.message.includes("\n"), false);
    }
  });
}

for (const name of databaseNames) databaseContract(name);

Deno.test("readDatabase: refuses an unknown name", async () => {
  await assertRejects(
    async () => await readDatabase("casme9" as DatabaseName, "."),
    RangeError,
    "current value is casme9",
  );
});
