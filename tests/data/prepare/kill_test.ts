import { assert, assertEquals } from "@std/assert";
import { killPrepare } from "../../../bench/data/kill_prepare.ts";
import { smallDatabases } from "./_small.ts";

// bench/data/kill_prepare.ts does the same ten times on larger databases.
Deno.test("prepare: killed at random moments, the next run ends like one that was not interrupted, byte for byte", async () => {
  const trials = await killPrepare(await smallDatabases(), 2, 7);
  assertEquals(trials.map(({ different }) => different), [[], []]);
  assert(trials.some(({ killed }) => killed));
});
