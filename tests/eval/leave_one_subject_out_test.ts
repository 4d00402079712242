import { assert, assertEquals, assertThrows } from "@std/assert";
import { leaveOneSubjectOut } from "../../eval/mod.ts";
import { seededRandom } from "../../engine/random.ts";
import { UserError } from "../../types.ts";

const clip = (database: string, subject: string, clip: string) => ({ database, subject, clip });

Deno.test("leaveOneSubjectOut holds each subject out once, ordered with numbers as numbers", () => {
  const samples = [
    clip("smic", "s10", "a"),
    clip("smic", "s2", "a"),
    clip("casme2", "sub02", "a"),
    clip("smic", "s10", "b"),
    clip("casme2", "sub01", "a"),
    clip("samm", "006", "a"),
  ];
  const folds = leaveOneSubjectOut(samples);
  assertEquals(folds.map((f) => f.name), [
    "casme2/sub01",
    "casme2/sub02",
    "samm/006",
    "smic/s2",
    "smic/s10",
  ]);
  assertEquals(folds[4], {
    name: "smic/s10",
    database: "smic",
    subject: "s10",
    train: [1, 2, 4, 5],
    test: [0, 3],
  });
  for (const fold of folds) {
    assertEquals([...fold.train, ...fold.test].sort(), [0, 1, 2, 3, 4, 5]);
    assert(
      fold.train.every((i) => samples[i]!.subject !== fold.subject || samples[i]!.database !== fold.database),
    );
  }
  assertEquals(folds.flatMap((f) => f.test).sort(), [0, 1, 2, 3, 4, 5]);
});

Deno.test("leaveOneSubjectOut keeps subjects of different databases apart, and s1 apart from s01", () => {
  const folds = leaveOneSubjectOut([
    clip("smic", "s1", "a"),
    clip("samm", "s1", "a"),
    clip("smic", "s01", "a"),
    clip("a/b", "c", "x"),
    clip("a", "b/c", "x"),
  ]);
  assertEquals(folds.map((f) => [f.database, f.subject]), [
    ["a", "b/c"],
    ["a/b", "c"],
    ["samm", "s1"],
    ["smic", "s01"],
    ["smic", "s1"],
  ]);
});

Deno.test("leaveOneSubjectOut gives the same order of folds whatever the order of samples", () => {
  const samples = Array.from(
    { length: 40 },
    (_, i) => clip(i % 3 ? "samm" : "smic", `s${(i * 7) % 13}`, `${i}`),
  );
  const names = leaveOneSubjectOut(samples).map((f) => f.name);
  for (const seed of [1, 2, 3]) {
    assertEquals(leaveOneSubjectOut(seededRandom(seed).shuffle(samples)).map((f) => f.name), names);
  }
});

Deno.test("leaveOneSubjectOut refuses fewer than two subjects", () => {
  assertThrows(
    () => leaveOneSubjectOut([clip("casme2", "sub01", "a"), clip("casme2", "sub01", "b")]),
    UserError,
    "Cannot leave one subject out: all 2 clips are of casme2/sub01; add clips of at least two subjects.",
  );
  assertThrows(() => leaveOneSubjectOut([]), UserError, "there are no clips");
});

Deno.test("leaveOneSubjectOut holds all clips of a person out together, in the fold of the first subject", () => {
  const samples = [
    clip("smic", "s2", "a"),
    clip("casme2", "sub01", "a"),
    clip("samm", "006", "a"),
    clip("smic", "s3", "a"),
    clip("casme2", "sub02", "a"),
  ];
  const folds = leaveOneSubjectOut(samples, { identities: [["smic/s2", "casme2/sub02"]] });
  assertEquals(folds.map(({ name, test, train }) => [name, test, train]), [
    ["casme2/sub01", [1], [0, 2, 3, 4]],
    ["casme2/sub02", [0, 4], [1, 2, 3]],
    ["samm/006", [2], [0, 1, 3, 4]],
    ["smic/s3", [3], [0, 1, 2, 4]],
  ]);
  const everyone = [samples.map(({ database, subject }) => `${database}/${subject}`)];
  assertThrows(
    () => leaveOneSubjectOut(samples, { identities: everyone }),
    UserError,
    "Cannot leave one subject out",
  );
});
