// Three runs of a small CDE killed with -9 (the command, a process that trains, everything during a write) and resumed; twenty by bench/pipeline/kill_run.ts.
import { assert, assertEquals } from "@std/assert";
import { killRuns, victims } from "../../bench/pipeline/_kill.ts";
import { testEngine, testFolder } from "./_tiny.ts";

Deno.test({
  name: "runs that are killed at random moments and resumed leave the bytes of one that was not",
  ignore: Deno.build.os !== "linux", // processes are found in /proc
  async fn() {
    const { results } = await killRuns(testFolder(), { runs: 3, seed: 1, engine: testEngine() });
    assertEquals(results.map(({ victim }) => victim), [...victims]);
    for (const { different, files } of results) {
      assertEquals(different, []);
      assert(files > 40, `only ${files} files were compared`);
    }
    assert(results.flatMap(({ kills }) => kills).length >= 3);
  },
});
