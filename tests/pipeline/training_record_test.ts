import { assertEquals, assertThrows } from "@std/assert";
import { createHash } from "node:crypto";
import { ClipStore } from "../../pipeline/clip_store.ts";
import { TrainingRecord } from "../../pipeline/training_record.ts";
import { UserError } from "../../types.ts";
import { testFolder, tinyPipeline } from "./_tiny.ts";

const clip = (name: string) => ({ database: "smic", subject: "s1", clip: name });

/** Reads and labels of two stages, part of them before `between`. */
function fill(between: (record: TrainingRecord) => TrainingRecord): TrainingRecord {
  let record = new TrainingRecord();
  record.enter({ stage: "micro", row: "mean" });
  record.read("micro", clip("a"), "11");
  record.read("micro", clip("b"), "22");
  record.label("micro", clip("a"), 2);
  record = between(record);
  record.enter({ stage: "micro", row: "mean" });
  record.read("micro", clip("a"), "11");
  record.label("micro", clip("a"), 2);
  record.statistic("class weights", [0.5, 2], { set: "micro", clips: [clip("b"), clip("a")] });
  record.statistic("class weights", [0.5, 2]);
  record.weights("MaNet", "ff");
  record.during({ stage: "test", row: "all", step: 3, steps: 3 }, () => {
    record.read("micro", clip("c"), "33");
  });
  record.read("macro", clip("a"), "44"); // a macro clip of the same name is another clip
  record.checkpoint("all", "ee");
  return record;
}

Deno.test("TrainingRecord counts what each stage read, labelled and measured", () => {
  const { clips, checksums, uses, checkpoints } = fill((record) => record).toJSON();
  assertEquals(clips.map(([set, , , name]) => `${set} ${name}`), [
    "micro a",
    "micro b",
    "micro c",
    "macro a",
  ]);
  assertEquals(checksums, ["11", "22", "33", "44"]);
  assertEquals(checkpoints, { all: "ee" });
  const [micro, test] = uses;
  assertEquals(uses.length, 2);
  assertEquals(micro!.reads, [[0, 0, 2], [1, 1, 1], [3, 3, 1]]);
  assertEquals(micro!.labels, [[0, 2, 2]]);
  assertEquals(micro!.statistics, [
    { name: "class weights", over: [1, 0], values: [0.5, 2] },
    { name: "class weights", values: [0.5, 2] },
  ]);
  assertEquals(micro!.weights, [["MaNet", "ff"]]);
  assertEquals([test!.stage, test!.step, test!.steps, test!.reads], ["test", 3, 3, [[2, 2, 1]]]);
});

Deno.test("TrainingRecord goes on from its JSON as if it had never stopped", () => {
  const resumed = fill((record) => TrainingRecord.fromJSON(JSON.parse(JSON.stringify(record))));
  assertEquals(JSON.stringify(resumed), JSON.stringify(fill((record) => record)));
});

Deno.test("TrainingRecord.during goes back to the stage before, after an error too", () => {
  const record = new TrainingRecord();
  record.enter({ stage: "guided", row: "all" });
  assertThrows(() =>
    record.during({ stage: "test", row: "all" }, () => {
      throw new UserError("no");
    }), UserError);
  record.read("micro", clip("a"), "11");
  assertEquals(record.toJSON().uses.map((use) => use.stage), ["guided"]);
});

Deno.test("ClipStore records every clip that it gives, kept or not, by what the file holds", () => {
  const pipeline = tinyPipeline({ clip: { frames: 4, size: 2, channels: 1 } });
  const contents = [1, 2].map((value) => new Uint8Array(20).fill(value)); // 4 frames and the apex of 4 pixels
  const clips = contents.map((bytes, i) => {
    const file = `${testFolder()}/${i}.clip`;
    Deno.writeFileSync(file, bytes);
    return { ...clip(String(i)), classIndex: 0, file };
  });
  const record = new TrainingRecord();
  record.enter({ stage: "micro", row: "mean" });
  const store = new ClipStore(clips, pipeline, record, "micro");
  for (const i of [1, 1, 0, 1]) assertEquals(store.get(i).apex[0], i + 1);
  const { clips: named, checksums, uses } = record.toJSON();
  assertEquals(named.map(([, , , name]) => name), ["1", "0"]);
  const expected = [1, 0].map((i) => createHash("sha256").update(contents[i]!).digest("hex"));
  assertEquals(checksums, expected);
  assertEquals(uses[0]!.reads, [[0, 0, 3], [1, 1, 1]]);
});
