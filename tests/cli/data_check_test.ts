// What `m2m data check` prints and how it ends.
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { main } from "../../cli.ts";
import { synthesizeDatabases, writeXlsx } from "../../data/mod.ts";
import { commandArgs } from "../_engine.ts";
import { casme2Counts, casme2Rows } from "../data/check/_look_alikes.ts";
import { testFolder } from "../pipeline/_tiny.ts";

let made: Promise<string> | undefined;
/** A subject of three clips in each database. */
function data(): Promise<string> {
  const root = `${testFolder()}/data`;
  made ??= synthesizeDatabases(root, {
    subjects: { casme2: 1, smic: 1, samm: 1, ckplus: 1, mmi: 1 },
    clipsPerSubject: 3,
    macroClipsPerSubject: 3,
    size: 32,
    frames: 8,
    flow: false,
  }).then(() => root);
  return made;
}

async function table(rows = casme2Rows({ ...casme2Counts, surprise: 28, sadness: 4 })): Promise<string> {
  const file = `${testFolder()}/table ${crypto.randomUUID()}.xlsx`;
  await Deno.writeFile(file, writeXlsx([{ name: "Sheet1", rows }]));
  return file;
}

/** Runs the command in this process. */
async function check(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = "", err = "";
  const { log, error } = console;
  console.log = (text) => out += `${text}\n`;
  console.error = (text) => err += `${text}\n`;
  try {
    return { code: await main(["data", "check", ...args]), out, err };
  } finally {
    Object.assign(console, { log, error });
  }
}

Deno.test("m2m data check --json prints one object of six keys, for each database and the composite", async () => {
  const root = await data();
  const counts: Record<string, number> = {};
  for (const database of ["casme2", "smic", "samm", "ckplus", "mmi", "composite"]) {
    const folder = database === "composite" ? root : `${root}/${database}`;
    const { code, out, err } = await check("--database", database, "--root", folder, "--json");
    assertEquals([code, err], [0, ""], database);
    const report = JSON.parse(out);
    assertEquals(Object.keys(report), ["database", "edition", "clips", "subjects", "labels", "problems"]);
    assertEquals(report.database, database);
    for (const problem of report.problems) {
      assertEquals(Object.keys(problem), ["clip", "field", "found", "remedy"]);
      for (const text of Object.values(problem)) {
        assert(typeof text === "string" && text !== "", JSON.stringify(problem));
      }
    }
    const labels = Object.values(report.labels as Record<string, number>);
    assertEquals(labels.reduce((a, b) => a + b, 0), report.clips);
    counts[database] = report.clips;
  }
  const { casme2, smic, samm, ckplus, mmi } = counts;
  assertEquals({ casme2, smic, samm, ckplus }, { casme2: 3, smic: 3, samm: 3, ckplus: 3 });
  assert(mmi! >= 2 && mmi! <= 3); // one session may be of no emotion
});

Deno.test("m2m data check tells counts beside the published ones, and each problem with its remedy", async () => {
  const { code, out, err } = await check("--database", "casme2", "--table", await table());
  assertEquals([code, err], [0, ""]);
  assertStringIncludes(out, "CASME II of 2019: 255 clips of 26 subjects");
  assertMatch(out, /^surprise +28 +28$/m);
  assertMatch(out, /^sadness +4 +4$/m);
  assertStringIncludes(out, "No problem was found.");
  const rows = casme2Rows({ ...casme2Counts, surprise: 28, sadness: 4 });
  rows.find((row) => row[8] === "disgust")![8] = "others";
  rows[2]![4] = "/";
  const changed = await check("--database", "casme2", "--table", await table(rows));
  assertEquals(changed.code, 0);
  assertMatch(changed.out, /^others +100 +99 {2}\*$/m);
  assertMatch(changed.out, /^disgust +62 +63 {2}\*$/m);
  assertStringIncludes(
    changed.out,
    "  apex: /\n    no apex is coded: the midpoint of onset and offset is taken",
  );
});

Deno.test("m2m data check gathers many problems of one kind; --json has them all", async () => {
  const rows = casme2Rows({ ...casme2Counts, surprise: 28, sadness: 4 }).map((row, i) =>
    i > 0 && i <= 40 ? row.map((cell, c) => c === 4 ? "/" : cell) : row
  );
  const file = await table(rows);
  const { out } = await check("--database", "casme2", "--table", file);
  assertStringIncludes(out, "40 problems:");
  assertStringIncludes(out, "(and 39 more like it: --json lists them)");
  const { out: json } = await check("--database", "casme2", "--table", file, "--json");
  assertEquals(JSON.parse(json).problems.length, 40);
});

Deno.test("m2m data check reads every frame to its end unless --fast", async () => {
  const folder = `${await data()}/casme2`;
  const frame = [...Deno.readDirSync(`${folder}/Cropped/sub01`)][0]!.name;
  const clip = `${folder}/Cropped/sub01/${frame}`;
  const file = `${clip}/${[...Deno.readDirSync(clip)][0]!.name}`;
  const whole = await Deno.readFile(file);
  try {
    await Deno.writeFile(file, whole.slice(0, whole.length - 20));
    const count = async (...more: string[]) => {
      const { out } = await check("--database", "casme2", "--root", folder, "--json", ...more);
      return JSON.parse(out).problems.filter((problem: { found: string }) =>
        problem.found.includes("damaged")
      ).length;
    };
    assertEquals([await count(), await count("--fast")], [1, 0]);
  } finally {
    await Deno.writeFile(file, whole);
  }
});

Deno.test("m2m data check refuses a copy that cannot be read, with exit code 1 and nothing on standard output", async () => {
  const samm = `${await data()}/samm`, nowhere = `${testFolder()}/nowhere`;
  const cases: [string[], string][] = [
    [["--database", "casme2", "--root", nowhere], "does not exist"],
    [["--database", "casme2", "--root", samm], "its coding table was not found"],
    [
      ["--database", "casme2", "--table", `${samm}/SAMM_Micro_FACS_Codes_v2.xlsx`],
      "are not named like those of CASME II",
    ],
    [["--database", "casme2", "--table", nowhere], "nowhere"],
    [
      ["--database", "composite", "--table", `${samm}/SAMM_Micro_FACS_Codes_v2.xlsx`],
      "an .xlsx workbook, not a csv file",
    ],
    [["--database", "composite", "--root", samm], "combined_3class_gt.csv"],
    [["--database", "samm", "--root", samm, "--frames", "Cropped"], "no folder named Cropped"],
    [["--database", "samm", "--root", samm, "--corrections", nowhere], "nowhere"],
  ];
  for (const [args, words] of cases) {
    const { code, out, err } = await check(...args, "--json");
    assertEquals([code, out], [1, ""], args.join(" "));
    assertStringIncludes(err, words);
    assertEquals(err.trimEnd().split("\n").length, 1, err);
  }
});

Deno.test("m2m data check says what is wrong use, with exit code 2", async () => {
  const file = await table();
  const cases: [string[], string][] = [
    [[], "needs --database, one of casme2, smic, samm, ckplus, mmi, casme3, mmew, composite"],
    [["--database", "casmetwo", "--table", file], "knows no database casmetwo"],
    [["--database", "casme2"], "needs --root, the folder of the database, or --table"],
    [["--database", "casme2", "here"], "found here"],
    [["--database", "casme2", "--table", file, "--camera", "HS"], "takes --camera with smic only"],
    [["--database", "smic", "--table", file, "--camera", "UV"], "knows the cameras HS, VIS, NIR, found UV"],
    [["--database", "casme2", "--table", file, "--fast"], "with --root only"],
    [["--database", "casme2", "--table", file, "--frames", "Cropped"], "with --root only"],
    [["--database", "ckplus", "--table", file], "has no coding table"],
    [["--database", "mmi", "--root", ".", "--frames", "x"], "takes no --frames with mmi"],
    [["--database", "mmi", "--root", "-1"], "--root takes no negative number, found -1"],
    [
      ["--database", "mmi", "--root", ".", "--corrections", "none"],
      "takes --corrections with casme2, smic, samm, casme3, mmew only",
    ],
    [
      ["--database", "composite", "--table", file, "--corrections", "none"],
      "neither --frames nor --corrections",
    ],
    [["--database", "casme2", "--tabel", file], "(did you mean --table?)"],
  ];
  for (const [args, words] of cases) {
    const { code, out, err } = await check(...args);
    assertEquals([code, out], [2, ""], args.join(" "));
    assertStringIncludes(err, words);
  }
});

Deno.test({
  name: "m2m data check says how much there is to do, and stops at Ctrl-C with nothing on standard output",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    // Many links to one clip's frames: a database that takes long to check, and no time to make.
    const root = `${testFolder()}/long`, from = `${await data()}/smic`;
    const micro = `${from}/SMIC_all_cropped/HS/${
      [...Deno.readDirSync(`${from}/SMIC_all_cropped/HS`)][0]!.name
    }/micro`;
    const label = [...Deno.readDirSync(micro)][0]!.name;
    const clip = `${micro}/${label}/${[...Deno.readDirSync(`${micro}/${label}`)][0]!.name}`;
    const word = { negative: "ne", positive: "po", surprise: "sur" }[label]!;
    for (let i = 1; i <= 60; i++) {
      const folder = `${root}/HS/s1/micro/${label}/s1_${word}_${String(i).padStart(2, "0")}`;
      await Deno.mkdir(folder, { recursive: true });
      const file = `${clip}/${[...Deno.readDirSync(clip)][0]!.name}`;
      for (let k = 0; k < 300; k++) await Deno.symlink(file, `${folder}/image${k}.bmp`);
    }
    const child = new Deno.Command(Deno.execPath(), {
      args: commandArgs("data", "check", "--database", "smic", "--root", root, "--json"),
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    let err = "";
    for await (const chunk of child.stderr.pipeThrough(new TextDecoderStream())) {
      if (err === "") child.kill("SIGINT"); // it has said how much there is to do
      err += chunk;
    }
    assertEquals((await child.status).code, 1);
    assertEquals(await new Response(child.stdout).text(), "");
    assertEquals(err.trim().split("\n"), ["18000 frames to do", "Stopped. Nothing was changed."]);
  },
});
