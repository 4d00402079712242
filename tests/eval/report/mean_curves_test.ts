import { assertAlmostEquals, assertEquals } from "@std/assert";
import { meanCurves } from "../../../eval/report/mod.ts";

const history = (
  row: string,
  ...points: [stage: string, step: number, values: Record<string, number>][]
) => ({
  row,
  lines: points.map(([stage, step, values]) => ({ stage, step, values })),
});

Deno.test("meanCurves() takes means and percentiles step by step", () => {
  // 0, 1, ..., 10: the 10th percentile is 1, the 90th 9 (NumPy's default, linear).
  const histories = Array.from({ length: 11 }, (_, x) => history("lc", ["micro", 5, { loss: x }]));
  const [curve] = meanCurves(histories);
  assertEquals(curve, {
    stage: "micro",
    value: "loss",
    rows: ["lc"],
    trainings: 11,
    points: [{ step: 5, mean: 5, low: 1, high: 9 }],
  });
});

Deno.test("meanCurves() joins rows that share a stage, keeps others apart, and sorts steps", () => {
  const micro = ["micro", 1, { expression: 2 }] as ["micro", number, Record<string, number>];
  const curves = meanCurves([
    history("lc", micro, ["guided", 2, { expression: 4 }], ["guided", 1, { expression: 3 }]),
    history("all", micro, ["guided", 1, { expression: 3, spatial: 0.7 }], ["guided", 2, { expression: 5 }]),
    history("", ["macro", 1, { expression: 9 }]),
  ]);
  assertEquals(curves.map(({ stage, value, rows }) => [stage, value, rows]), [
    ["micro", "expression", ["lc", "all"]],
    ["guided", "expression", ["lc"]],
    ["guided", "expression", ["all"]],
    ["guided", "spatial", ["all"]],
    ["macro", "expression", []],
  ]);
  assertEquals(curves[1]!.points.map(({ step, mean }) => [step, mean]), [[1, 3], [2, 4]]);
  assertAlmostEquals(curves[3]!.points[0]!.mean, 0.7);
});
