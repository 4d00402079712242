import { assertEquals, assertThrows } from "@std/assert";
import { holdOutDatabase } from "../../eval/mod.ts";
import { UserError } from "../../types.ts";

const clip = (database: string, subject: string, clip: string) => ({ database, subject, clip });
const samples = [
  clip("smic", "s1", "a"),
  clip("casme2", "sub01", "a"),
  clip("samm", "006", "a"),
  clip("casme2", "sub02", "b"),
  clip("smic", "s2", "b"),
];

Deno.test("holdOutDatabase tests each database once, by all others", () => {
  const folds = holdOutDatabase(samples);
  assertEquals(folds.map(({ name, test, train }) => [name, test, train]), [
    ["casme2", [1, 3], [0, 2, 4]],
    ["samm", [2], [0, 1, 3, 4]],
    ["smic", [0, 4], [1, 2, 3]],
  ]);
});

Deno.test("holdOutDatabase takes the declared directions alone, in their order", () => {
  const directions = [{ train: ["casme2"], test: "smic" }, { train: ["smic", "samm"], test: "casme2" }];
  const folds = holdOutDatabase(samples, { directions });
  assertEquals(folds.map(({ name, test, train }) => [name, test, train]), [
    ["smic", [0, 4], [1, 3]],
    ["casme2", [1, 3], [0, 2, 4]],
  ]);
});

Deno.test("holdOutDatabase does not train on a person who is tested, under whatever name", () => {
  const folds = holdOutDatabase(samples, {
    identities: [["smic/s1", "casme2/sub02"], ["samm/006", "smic/s2"]],
  });
  assertEquals(folds.map(({ name, train }) => [name, train]), [
    ["casme2", [2, 4]], // without smic/s1
    ["samm", [0, 1, 3]], // without smic/s2
    ["smic", [1]], // without casme2/sub02 and samm/006
  ]);
});

Deno.test("holdOutDatabase names what is lacking", () => {
  assertThrows(() => holdOutDatabase([]), UserError, "there are no clips");
  assertThrows(() => holdOutDatabase([samples[0]!, samples[4]!]), UserError, "all clips are of smic");
  const identities = [["smic/s1", "samm/006"], ["smic/s2", "samm/006"]];
  assertThrows(
    () => holdOutDatabase(samples, { directions: [{ train: ["samm"], test: "smic" }], identities }),
    UserError,
    "Cannot hold out smic: there is no clip to train on of samm",
  );
  assertThrows(
    () => holdOutDatabase(samples, { directions: [{ train: ["samm"], test: "mmi" }] }),
    UserError,
    "no clip to test of mmi",
  );
});
