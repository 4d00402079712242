import { assertEquals } from "@std/assert";
import { History } from "../../pipeline/history.ts";

Deno.test("History keeps every step of a short stage, in columns", () => {
  const history = new History();
  history.add("micro", { step: 1, steps: 2, values: { expression: 1.5, accuracy: 0.25 } });
  history.add("micro", { step: 2, steps: 2, values: { expression: 0.5, accuracy: 1 } });
  history.add("guided", { step: 1, steps: 1, values: { loss: 3, expression: 0.125 } });
  assertEquals(
    history.toCsv(),
    "stage,step,expression,accuracy,loss\nmicro,1,1.50000,0.250000,\nmicro,2,0.500000,1.00000,\nguided,1,0.125000,,3.00000\n",
  );
});

Deno.test("History keeps at most 200 points of a stage, each the mean over its window", () => {
  const history = new History();
  for (let step = 1; step <= 450; step++) {
    history.add("micro", { step, steps: 450, values: { expression: step } });
  }
  const lines = history.toCsv().trim().split("\n").slice(1).map((line) => line.split(","));
  assertEquals(lines.length, 150); // windows of three steps
  assertEquals(lines[0], ["micro", "3", "2.00000"]);
  assertEquals(lines.at(-1), ["micro", "450", "449.000"]);
});

Deno.test("History's last window may be shorter", () => {
  const history = new History();
  for (let step = 1; step <= 401; step++) {
    history.add("a", { step, steps: 401, values: { expression: step } });
  }
  const lines = history.toCsv().trim().split("\n").slice(1);
  assertEquals(lines.length, 134); // 133 windows of three steps, and one of two
  assertEquals(lines.at(-1), "a,401,400.500");
});

Deno.test("a copy of a History goes on by itself", () => {
  const history = new History();
  history.add("micro", { step: 1, steps: 1, values: { expression: 1 } });
  const copy = history.copy();
  copy.add("guided", { step: 1, steps: 1, values: { expression: 2 } });
  assertEquals(history.toCsv().split("\n").length, 3);
  assertEquals(copy.toCsv(), "stage,step,expression\nmicro,1,1.00000\nguided,1,2.00000\n");
});
