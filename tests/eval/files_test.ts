import { assert, assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import {
  poolScoreFiles,
  readMegc2019Log,
  readPredictions,
  readScoreFile,
  score,
  writeMegc2019Log,
  writePredictions,
} from "../../eval/mod.ts";
import { type Prediction, UserError } from "../../types.ts";
import { seededRandom } from "../../engine/random.ts";
import { predictions } from "./_predictions.ts";
import { realTest } from "./_real.ts";

const three = predictions("smic s10 0:2\nsmic s2 1:1 0:0\ncasme2 sub01 2:1");

async function inFolder(
  test: (file: (name: string, content: string | Uint8Array) => Promise<string>) => Promise<void>,
) {
  const folder = await Deno.makeTempDir();
  try {
    await test(async (name, content) => {
      const path = `${folder}/${name}`;
      if (typeof content === "string") await Deno.writeTextFile(path, content);
      else await Deno.writeFile(path, content);
      return path;
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("a MEGC2019 log is written sorted and read back", () => {
  const text = writeMegc2019Log(three);
  assertEquals(text, "casme2 sub01\nsub01_1 2 1\nsmic s2\ns2_1 1 1\ns2_2 0 0\nsmic s10\ns10_1 0 2\n");
  assertEquals(writeMegc2019Log(readMegc2019Log(text)), text);
  assertEquals(writeMegc2019Log([...three].reverse()), text);
  const withProbabilities = three.map((p) => ({ ...p, probabilities: [0.5, 0.25, 0.25] }));
  assertEquals(writeMegc2019Log(withProbabilities), text);
});

Deno.test("a MEGC2019 log may have a BOM, CRLF, tabs, blank lines, and a subject more than once", () => {
  const text = "\uFEFFsamm 006\r\n006_1_2\t0  1\r\n\r\n  samm 007 \r\n007_3_1 2 2\r\nsamm 006\r\n006_1_3 1 1";
  assertEquals(readMegc2019Log(text).map((p) => [p.subject, p.clip, p.truth, p.prediction]), [
    ["006", "006_1_2", 0, 1],
    ["007", "007_3_1", 2, 2],
    ["006", "006_1_3", 1, 1],
  ]);
});

Deno.test("a log of a single database takes its name from the option", () => {
  const text = "sub01\nEP02_01f 4 4\nsub02\nEP01_11f 3 0\n";
  assertEquals(
    readMegc2019Log(text, { database: "casme2" }).map((p) => `${p.database} ${p.subject} ${p.truth}`),
    [
      "casme2 sub01 4",
      "casme2 sub02 3",
    ],
  );
  assertThrows(() => readMegc2019Log(text), UserError, "line 1: found 1 fields");
});

Deno.test("every wrong line of a log is named in one message", () => {
  const text = [
    "EP00_01 0 0", // 1: before any subject
    "casme2 sub01",
    "EP02_01f 1 x", // 3: not a class
    "EP02_02f 1", // 4: no prediction, not a subject
    "EP02_03f 1 1 1", // 5: too many
    "EP02_04f 0 0",
    "EP02_04f 0 1", // 7: repeated
    "EP02_05f -1 0", // 8: negative
    "casme2 sub02", // 9: no clips
  ].join("\n");
  try {
    readMegc2019Log(text, { file: "a.log" });
    assert(false, "it was read");
  } catch (error) {
    assert(error instanceof UserError);
    assertEquals(
      error.message,
      "Cannot read a.log: line 1: a clip before the first line that names a subject; " +
        'line 3: classes must be numbers 0, 1, ..., found "1 x"; line 4: a clip without its prediction; ' +
        'line 5: found 4 fields, not "database subject" or "clip truth prediction"; ' +
        "line 7: clip casme2/sub01/EP02_04f is on line 6 already; " +
        'line 8: classes must be numbers 0, 1, ..., found "-1 0"; line 9: subject sub02 has no clips; ' +
        "correct these lines.",
    );
  }
  const many = "samm 006\n" + "x\n".repeat(30);
  assertThrows(() => readMegc2019Log(many), UserError, "and line 22-31; correct these lines.");
});

Deno.test("writeMegc2019Log refuses names that the format cannot hold", () => {
  const p = { database: "mmi", subject: "S 1", clip: "a", truth: 0, prediction: 0 };
  assertThrows(() => writeMegc2019Log([p]), RangeError, "white space");
  assertThrows(() => writeMegc2019Log([...three, ...three]), RangeError, "occurs twice");
  assertThrows(() => writeMegc2019Log([]), RangeError, "there are none");
});

Deno.test("predictions.csv is sorted, deterministic and exact", () => {
  const random = seededRandom("csv");
  const all: Prediction[] = Array.from({ length: 30 }, (_, i) => {
    const raw = [random.next(), random.next() * 1e-9, random.next()];
    const sum = raw.reduce((a, b) => a + b);
    const probabilities = raw.map((x) => x / sum);
    return {
      database: ["smic", "casme2"][i % 2]!,
      subject: `s${(i * 7) % 12}`,
      clip: `clip${i}`,
      truth: i % 3,
      prediction: (i * i) % 3,
      probabilities,
    };
  });
  const csv = writePredictions(all);
  assertEquals(writePredictions(random.shuffle(all)), csv);
  const back = readPredictions(csv);
  assertEquals(back.length, 30);
  for (const p of back) assertEquals(p, all.find((q) => q.clip === p.clip));
  assertEquals(writePredictions(back), csv);
  assert(!csv.includes("\r") && csv.endsWith("\n"));
  const order = [
    ...new Set(csv.split("\n").slice(1, -1).map((line) => line.split(",").slice(0, 2).join(" "))),
  ];
  assertEquals(order, [
    ...[1, 3, 5, 7, 9, 11].map((i) => `casme2 s${i}`),
    ...[0, 2, 4, 6, 8, 10].map((i) => `smic s${i}`),
  ]);
});

Deno.test("predictions.csv without probabilities, with some, and with names that need quotes", () => {
  const plain = writePredictions(three);
  assertEquals(plain.split("\n")[0], "database,subject,clip,truth,prediction");
  assertEquals(plain.split("\n")[1], "casme2,sub01,sub01_1,2,1");
  assertEquals(readPredictions(plain).length, 4);
  const odd: Prediction[] = [
    { database: "mmi", subject: 'a,"b"', clip: " c ", truth: 0, prediction: 1, probabilities: [0.25, 0.75] },
    { database: "mmi", subject: "d", clip: "e", truth: 1, prediction: 1 },
  ];
  const csv = writePredictions(odd);
  assertStringIncludes(csv, 'mmi,"a,""b"""," c ",0,1,0.25,0.75\nmmi,d,e,1,1,,\n');
  assertEquals(readPredictions(csv), odd);
  assertEquals(readPredictions("\uFEFF" + csv.replaceAll("\n", "\r\n")), odd);
});

Deno.test("every wrong line of a predictions.csv is named in one message", () => {
  const csv = [
    "database,subject,clip,truth,prediction,p0,p1",
    "smic,s1,a,0,2,0.5,0.5", // 2: class out of range
    "smic,s1,b,0,1,0.5", // 3: a cell is missing
    "smic,s1,c,0,1,0.5,", // 4: half empty
    "smic,s1,d,0,1,0.5,0.6", // 5: sum
    'smic,s1,"e,0,1,0.5,0.5', // 6: quotes
    "smic,,f,0,1,0.5,0.5", // 7: no subject
    "smic,s1,g,0,1,0.5,0.5",
    "smic,s1,g,0,1,0.5,0.5", // 9: repeated
    "smic,s1,h,0,1,1.5,-0.5", // 10: no probability
  ].join("\n");
  assertThrows(
    () => readPredictions(csv, { file: "p.csv" }),
    UserError,
    'Cannot read p.csv: line 2: truth and prediction must be numbers from 0 to 1, found "0,2"; ' +
      'line 3: 6 cells under 7 columns; line 4: p1 must be a number from 0 to 1, found ""; ' +
      "line 5: probabilities must add up to 1, their sum is 1.1; line 6: quotes do not match; " +
      "line 7: database, subject and clip must not be empty; line 9: clip smic/s1/g is on line 8 already; " +
      'line 10: p0 must be a number from 0 to 1, found "1.5"; correct these lines.',
  );
  assertThrows(
    () => readPredictions("database,subject,clip,truth\n"),
    UserError,
    "line 1: the columns must be",
  );
  assertThrows(
    () => readPredictions("database,subject,clip,truth,prediction,p1,p0\n"),
    UserError,
    "correct the header",
  );
  assertThrows(
    () => readPredictions("database,subject,clip,truth,prediction\n"),
    UserError,
    "no clips below the header",
  );
});

Deno.test("writePredictions refuses what would not read back", () => {
  const p = { database: "a", subject: "b", clip: "c", truth: 0, prediction: 0 };
  const q = { ...p, clip: "d" };
  assertThrows(() => writePredictions([{ ...p, clip: "c\nd" }]), RangeError, "line ends");
  assertThrows(
    () => writePredictions([{ ...p, probabilities: [0.5, NaN] }]),
    RangeError,
    "current value is NaN",
  );
  assertThrows(
    () => writePredictions([{ ...p, probabilities: [0.5, 0.1] }]),
    RangeError,
    "current sum is 0.6",
  );
  assertThrows(
    () => writePredictions([{ ...p, probabilities: [0.5, 0.5] }, { ...q, probabilities: [0, 0, 1] }]),
    RangeError,
    "same number of probabilities",
  );
  assertThrows(
    () => writePredictions([{ ...p, truth: 2, probabilities: [0.5, 0.5] }]),
    RangeError,
    "in [0, 2)",
  );
});

Deno.test("readScoreFile tells the formats apart", () =>
  inFolder(async (file) => {
    const log = await readScoreFile(await file("x.txt", "\uFEFF\r\nsamm 006\r\n006_1_2 0 1\r\n"));
    assertEquals([log.format, log.classes, log.lines], ["megc2019", 3, [3]]);
    const csv = await readScoreFile(
      await file(
        "y.txt",
        "database,subject,clip,truth,prediction,p0,p1,p2,p3,p4\r\ncasme2,sub01,a,0,1,0,1,0,0,0\r\n",
      ),
    );
    assertEquals([csv.format, csv.classes, csv.lines], ["predictions", 5, [2]]);
    const five = await readScoreFile(await file("z.txt", "sub01\na 4 0\n"), { database: "casme2" });
    assertEquals([five.classes, five.predictions[0]!.database], [5, "casme2"]);
  }));

Deno.test("readScoreFile names the file and the remedy", () =>
  inFolder(async (file) => {
    const refuses = async (path: string, words: string) => {
      const error = await assertRejects(() => readScoreFile(path), UserError, words);
      assertStringIncludes(error.message, path);
    };
    await refuses("/nowhere/x.log", "there is no such file; check the path");
    await refuses(await file("empty.log", "\r\n \n"), "the file is empty");
    await refuses(await file("utf16.log", new Uint8Array([0xff, 0xfe, 0x73, 0, 0xd8, 0])), "not UTF-8 text");
    await refuses(await file("other.csv", "name,score\na,1\n"), "neither a MEGC2019 log");
    await refuses(await file("cut.csv", "database,subject,clip,tru"), "correct the header");
    await refuses(await file("cut.log", "samm 006\n006_1_2 0"), "line 2: a clip without its prediction");
    await refuses(await file("text.log", "These are not predictions at all\n"), "line 1: found 6 fields");
    await refuses(await Deno.makeTempDir(), "give a file that can be read");
  }));

Deno.test("poolScoreFiles pools both formats and names both places of a repeated clip", () =>
  inFolder(async (file) => {
    const log = await file("a.log", writeMegc2019Log(three));
    const others = predictions("samm 006 0:0 1:1").map((p) => ({ ...p, probabilities: [0.5, 0.25, 0.25] }));
    const csv = await file("b.csv", writePredictions(others));
    const pooled = await poolScoreFiles([log, csv]);
    assertEquals([pooled.predictions.length, pooled.classes, pooled.files.length], [6, 3, 2]);
    assertEquals(score(pooled.predictions, pooled.classes), score([...three, ...others], 3));
    await assertRejects(
      () => poolScoreFiles([csv, log, csv]),
      UserError,
      `clip samm/006/006_1 is in ${csv} line 2 and in ${csv} line 2, samm/006/006_2 is in ${csv} line 3`,
    );
    const again = await file("c.log", "samm 007\nx 0 0\nsamm 006\n006_2 1 1\n");
    await assertRejects(
      () => poolScoreFiles([csv, again]),
      UserError,
      `clip samm/006/006_2 is in ${csv} line 3 and in ${again} line 4; give each clip once.`,
    );
    const five = await file("d.csv", "database,subject,clip,truth,prediction,p0,p1\nmmi,1,a,0,0,1,0\n");
    await assertRejects(
      () => poolScoreFiles([log, five]),
      UserError,
      `${log} has 3 classes, but ${five} has 2`,
    );
    const error = await assertRejects(() => poolScoreFiles([]), UserError);
    assertEquals(error.exitCode, 2);
  }));

realTest("the authors' log survives writing and reading", async (folder) => {
  const path = `${folder}/logs/STSTNet_logfile.txt`;
  const { format, classes, predictions, lines } = await readScoreFile(path);
  assertEquals([format, classes, predictions.length, lines[0], lines.at(-1)], ["megc2019", 3, 442, 2, 510]);
  const back = readMegc2019Log(writeMegc2019Log(predictions));
  assertEquals(score(back, 3), score(predictions, 3));
  assertEquals(readPredictions(writePredictions(predictions)), back);
});

Deno.test("readers of damaged files either read or throw a UserError, never anything else", () => {
  const random = seededRandom("damage");
  const log = writeMegc2019Log(three);
  const csv = writePredictions(three.map((p) => ({ ...p, probabilities: [0.25, 0.25, 0.5] })));
  const odd = ["\0", '"', ",", "\n", "\r", " ", "9", "-", "e", "\uFEFF", "é", "NaN", "999999999999"];
  let refused = 0;
  for (let i = 0; i < 400; i++) {
    for (const [text, read] of [[log, readMegc2019Log], [csv, readPredictions]] as const) {
      const at = random.integer(text.length);
      const cut = random.integer(4);
      const damaged = i % 3 === 0
        ? text.slice(0, at)
        : text.slice(0, at) + odd[random.integer(odd.length)] + text.slice(at + cut);
      try {
        assert(read(damaged).every((p) => Number.isInteger(p.truth) && Number.isInteger(p.prediction)));
      } catch (error) {
        assert(error instanceof UserError, String(error));
        refused++;
      }
    }
  }
  assert(refused > 300, `${refused} refused`);
});
