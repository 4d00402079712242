import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { seededRandom } from "../../engine/random.ts";
import { leaveSubjectsOut } from "../../eval/mod.ts";
import { UserError } from "../../types.ts";

/** 9 subjects of one database, 5 of another, 3 clips each. */
const samples = [["smic", 9], ["samm", 5]].flatMap(([database, subjects]) =>
  Array.from({ length: 3 * (subjects as number) }, (_, i) => ({
    database: database as string,
    subject: `s${i % (subjects as number)}`,
    clip: String(i),
  }))
);
const subjectsOf = (positions: readonly number[], of = samples) =>
  new Set(positions.map((i) => `${of[i]!.database}/${of[i]!.subject}`));

Deno.test("every clip is held out once, no subject is on both sides, groups are about equal in every database", () => {
  const folds = leaveSubjectsOut(samples, { groups: 4 });
  assertEquals(folds.flatMap((fold) => fold.test).sort((a, b) => a - b), samples.map((_, i) => i));
  for (const { test, train } of folds) {
    assertEquals(test.length + train.length, samples.length);
    const held = subjectsOf(test);
    for (const subject of subjectsOf(train)) assert(!held.has(subject));
    const of = (database: string) => [...held].filter((name) => name.startsWith(database)).length;
    assert([2, 3].includes(of("smic")) && [1, 2].includes(of("samm")), [...held].join());
    assert([3, 4].includes(held.size));
  }
});

Deno.test("k subjects at a time, as many groups as that takes", () => {
  const folds = leaveSubjectsOut(samples, { subjectsOut: 3 }); // 14 subjects: five groups of at most 3
  assertEquals(folds.map((fold) => subjectsOf(fold.test).size).sort(), [2, 3, 3, 3, 3]);
  assertEquals(leaveSubjectsOut(samples, { subjectsOut: 1 }).length, 14);
});

Deno.test("the groups depend on the seed and not on the order of the samples", () => {
  const shuffled = seededRandom("order").shuffle(samples);
  const groups = (of: typeof samples, seed: number) =>
    leaveSubjectsOut(of, { groups: 3, seed }).map((fold) => [...subjectsOf(fold.test, of)].sort());
  assertEquals(groups(shuffled, 1), groups(samples, 1));
  assertNotEquals(groups(samples, 2), groups(samples, 1));
});

Deno.test("subjects that are one person stay together", () => {
  const identities = [["smic/s0", "samm/s3"], ["smic/s1", "smic/s2", "samm/s0"]];
  for (const { test } of leaveSubjectsOut(samples, { groups: 5, identities })) {
    const held = subjectsOf(test);
    for (const group of identities) {
      assert([0, group.length].includes(group.filter((name) => held.has(name)).length), [...held].join());
    }
  }
});

Deno.test("leaveSubjectsOut refuses what makes no groups", () => {
  const wrong = [{}, { groups: 2, subjectsOut: 2 }, { groups: 0 }, { subjectsOut: 1.5 }];
  for (const options of wrong) {
    assertThrows(() => leaveSubjectsOut(samples, options), RangeError, "Cannot leave");
  }
  const one = samples.filter(({ database, subject }) => database === "smic" && subject === "s1");
  assertThrows(() => leaveSubjectsOut(one, { groups: 4 }), UserError, "there are 1 subjects");
  assertThrows(() => leaveSubjectsOut(samples, { subjectsOut: 14 }), UserError, "which make 1 group");
});
