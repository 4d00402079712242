import { assert, assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import {
  peekMark,
  poolScoreFiles,
  readPredictions,
  readScoreFile,
  writePeekedPredictions,
  writePredictions,
} from "../../eval/mod.ts";
import { UserError } from "../../types.ts";

const predictions = [
  { database: "smic", subject: "s1", clip: "a", truth: 0, prediction: 0, probabilities: [0.75, 0.25] },
  {
    database: "smic",
    subject: 'the "second", s2',
    clip: "b",
    truth: 1,
    prediction: 0,
    probabilities: [1, 0],
  },
];

async function inFolder(files: Record<string, string>, work: (folder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  try {
    for (const [name, text] of Object.entries(files)) await Deno.writeTextFile(`${folder}/${name}`, text);
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("every line of peeked predictions has the mark, and without it the lines are those of predictions.csv", () => {
  const lines = writePeekedPredictions(predictions).trimEnd().split("\n");
  assertEquals(lines.length, 3);
  for (const line of lines) assert(line.startsWith("PEEKED,"), line);
  assertEquals(lines.map((line) => line.slice(7)).join("\n") + "\n", writePredictions(predictions));
});

Deno.test("a peeked file is known by its lines, whatever its name", async () => {
  await inFolder({ "predictions.csv": writePeekedPredictions(predictions) }, async (folder) => {
    const file = await readScoreFile(`${folder}/predictions.csv`);
    assertEquals([file.peeked, file.classes, file.predictions], [true, 2, predictions]);
    assertEquals((await poolScoreFiles([`${folder}/predictions.csv`])).peeked, true);
  });
  await inFolder({ "a.csv": writePredictions(predictions) }, async (folder) => {
    assertEquals((await poolScoreFiles([`${folder}/a.csv`])).peeked, false);
  });
});

Deno.test("a reader of results refuses a peeked file by name", () => {
  const error = assertThrows(() => readPredictions(writePeekedPredictions(predictions)), UserError);
  assertStringIncludes(error.message, "the best epoch was chosen on the test subjects, so this is no result");
});

Deno.test("peeked and honest files are not pooled, nor a file that is marked in part", async () => {
  const other = [{ ...predictions[0]!, clip: "c" }];
  const half = writePeekedPredictions(predictions).replace(/\nPEEKED,(?=smic,s1)/, "\n");
  const files = { a: writePeekedPredictions(predictions), b: writePredictions(other), half };
  await inFolder(files, async (folder) => {
    for (const order of [["a", "b"], ["b", "a"]]) {
      const error = await assertRejects(
        () => poolScoreFiles(order.map((name) => `${folder}/${name}`)),
        UserError,
      );
      assertStringIncludes(error.message, `the epochs of ${folder}/a were chosen on the test subjects`);
    }
    const error = await assertRejects(() => readScoreFile(`${folder}/half`), UserError);
    assertStringIncludes(error.message, `line 2 lacks the mark ${peekMark}`);
  });
});
