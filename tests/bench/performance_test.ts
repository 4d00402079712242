import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { median } from "../../bench/_median.ts";
import type { Row } from "../../bench/performance/_settings.ts";
import { table } from "../../bench/performance/_table.ts";

const results = new URL("../../bench/results/", import.meta.url);

Deno.test("medians of odd and even numbers of values", () => {
  assertEquals([median([3, 1, 2]), median([4, 1, 3, 2]), median([7])], [2, 2.5, 7]);
});

Deno.test("docs/performance.md shows the committed results, and each result is that of its turns", async () => {
  const page = await Deno.readTextFile(new URL("../../docs/performance.md", import.meta.url));
  let rows = 0;
  for await (const { name } of Deno.readDir(results)) {
    if (name === "ratios.json" || name === "cost.json") continue; // of bench:check, and of docs/cost.md
    const found = JSON.parse(await Deno.readTextFile(new URL(name, results))).rows as Row[];
    for (const row of found) {
      rows++;
      const line = table([row]).split("\n")[2] ?? "";
      assertStringIncludes(page, line, `${name} is not in docs/performance.md as it was measured`);
      const [ours, theirs] = [median(row.turns.ours), median(row.turns.theirs)];
      assertEquals(row.result, row.kind === "ratio" ? ours / theirs : ours - theirs);
    }
  }
  assert(rows > 0);
});
