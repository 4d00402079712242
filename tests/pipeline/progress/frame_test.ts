import { assert, assertEquals } from "@std/assert";
import { frame } from "../../../pipeline/progress/_frame.ts";
import { WorkState } from "../../../pipeline/progress/work_state.ts";
import { standing } from "../../../pipeline/standing.ts";

const values = {
  loss: 1.875,
  expression: 0.98765,
  accuracy: 0.625,
  spatial: 0.7,
  spatialAccuracy: 0.5,
  relation: 1.1,
  relationAccuracy: 0.3333,
  temporal: 0.68,
  temporalAccuracy: 0.75,
  contrastive: 2.25,
};

/** Two folds at work of five, one failed. */
function state(): WorkState {
  let now = 0;
  const items = ["a", "b", "c", "d"].map((key) => ({ key, name: `fold casme2/sub0${key}`, steps: 100 }));
  const state = new WorkState(items, 1, () => now);
  for (const key of ["a", "b", "c"]) state.start(key);
  state.end("a", "failed");
  now = 60_000;
  const report = { step: 40, steps: 90, values };
  state.step("b", 50, standing("guided", "L_c + L_s + L_sam + L_t", report, 11));
  return state;
}

const draw = (columns: number, changes = {}) =>
  frame(state(), { columns, rows: 24, colour: false, stopping: false, ...changes });

Deno.test("a wide frame has a line for each job at work", () => {
  assertEquals(draw(200), [
    "1 of 5 done, 2 running, 1 failed, 1 waiting",
    `[${"=".repeat(15)}${" ".repeat(25)}]  38 %  5 min 0 s left`,
    "fold casme2/sub0b  L_c + L_s + L_sam + L_t  epoch 4/9  step 40/90  L 1.88  L_c 0.988  right 63 %  L_s 0.700  D_s 50 %  L_sam 1.10  C_s 33 %  L_t 0.680  D_t 75 %  L_con 2.25",
    "fold casme2/sub0c  starting",
  ]);
});

Deno.test("a narrow frame says the same over more lines, none of them too long", () => {
  const words = (lines: string[]) =>
    lines.slice(lines.findIndex((line) => line.startsWith("fold"))).join(" ").replaceAll(/\s+/g, " ");
  for (const columns of [60, 40]) {
    const lines = draw(columns);
    assert(lines.every((line) => line.length < columns), lines.join("\n"));
    assertEquals(words(lines), words(draw(200)));
  }
  assertEquals(draw(60).slice(0, 4), [
    "1 of 5 done, 2 running, 1 failed, 1 waiting",
    `[${"=".repeat(13)}${" ".repeat(22)}]  38 %  5 min 0 s left`,
    "fold casme2/sub0b  L_c + L_s + L_sam + L_t  epoch 4/9",
    "    step 40/90  L 1.88  L_c 0.988  right 63 %  L_s 0.700",
  ]);
});

Deno.test("a frame is never as high as the terminal, and says what it leaves out", () => {
  const lines = draw(60, { rows: 7 });
  assertEquals(lines.length, 3);
  assertEquals(lines.at(-1), "and 2 more");
  assertEquals(draw(200, { rows: 5 }).length, 4);
  assertEquals(draw(200, { rows: 2 }).length, 1);
});

Deno.test("colours change nothing but colours, and a run that stops says so", () => {
  const coloured = draw(60, { colour: true });
  assert(coloured.some((line) => line.includes("\x1b[31m1 failed\x1b[0m")));
  // deno-lint-ignore no-control-regex
  assertEquals(coloured.map((line) => line.replaceAll(/\x1b\[\d+m/g, "")), draw(60));
  assertEquals(draw(200, { stopping: true })[0], "1 of 5 done, 2 running, 1 failed, 1 waiting, stopping ...");
});
