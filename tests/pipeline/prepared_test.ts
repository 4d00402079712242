// Job processes that are started before there is a plan.
import { assert, assertEquals, assertRejects } from "@std/assert";
import { UserError } from "../../types.ts";
import { useEngine } from "../_engine.ts";
import { runTiny, testFolder, tinyPipeline } from "./_tiny.ts";

await useEngine();

/** How many workers live that this process has started. */
function workers(): number {
  let count = 0;
  for (const { name } of Deno.readDirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = Deno.readTextFileSync(`/proc/${name}/stat`);
      const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
      const line = Deno.readTextFileSync(`/proc/${name}/cmdline`);
      if (parent === Deno.pid && line.includes("pipeline/_worker.ts")) count++;
    } catch { /* it has ended meanwhile */ }
  }
  return count;
}

const ignore = Deno.build.os !== "linux"; // /proc

Deno.test({
  name: "the processes of a fresh run are started before its plan, and not again for the jobs",
  ignore,
  async fn() {
    let most = 0, beforePlan = 0, over = false;
    const watching = (async () => {
      while (!over) {
        const now = workers();
        most = Math.max(most, now);
        const planned = await Deno.stat(`${testFolder()}/fresh/plan.json`).then(() => true, () => false);
        if (!planned) beforePlan = Math.max(beforePlan, now);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    })();
    await runTiny(tinyPipeline(), "fresh", { jobs: 2 });
    over = true;
    await watching;
    assertEquals([beforePlan, most], [2, 2]);
    assertEquals(workers(), 0);
  },
});

Deno.test({
  name: "a run that cannot be planned leaves no process behind",
  ignore,
  async fn() {
    const pipeline = tinyPipeline({ synthetic: undefined });
    const options = { jobs: 2, data: `${testFolder()}/nowhere` };
    const error = await assertRejects(() => runTiny(pipeline, "unplanned", options), UserError);
    assert(error.message.startsWith("Cannot find the databases"), error.message);
    assertEquals(workers(), 0);
  },
});
