import type { GuidanceResult } from "../guidance.ts";
import { mean, type Measures } from "./_measure.ts";

type Column = readonly [head: string, of: (measures: Measures) => number];

const columns: readonly Column[] = [
  ["f^A probe AUC", (m) => m.apexProbe.fromUnseen.common.auc],
  ["each scaled", (m) => m.apexProbe.fromUnseen.each.auc],
  ["from seen", (m) => m.apexProbe.fromSeen.common.auc],
  ["own D_s", (m) => m.ownSpatial],
  ["v(s) probe AUC", (m) => m.videoProbe.fromUnseen.common.auc],
  ["each scaled", (m) => m.videoProbe.fromUnseen.each.auc],
  ["from seen", (m) => m.videoProbe.fromSeen.common.auc],
  ["own D_t", (m) => m.ownTemporal],
  ["C_s micro", (m) => m.relation.none.micro],
  ["macro", (m) => m.relation.none.macro],
  ["C_s, offsets: micro", (m) => m.relation.random.micro],
  ["macro", (m) => m.relation.random.macro],
  ["cos same", (m) => m.sameClass],
  ["other", (m) => m.otherClass],
  ["gap", (m) => m.sameClass - m.otherClass],
  ["C_e acc", (m) => m.expression],
];

/** A table in Markdown: mean over the seeds, and the smallest and largest in brackets where there are several. */
export function table(results: readonly GuidanceResult[]): string {
  const names = [...new Set(results.map(({ variant }) => variant))];
  const lines = names.map((name) => {
    const of = results.filter(({ variant }) => variant === name).map(({ measures }) => measures);
    return [name, ...columns.map(([, value]) => spread(of.map(value)))];
  });
  const rows = [
    ["unseen subjects", ...columns.map(([head]) => head)],
    ["---", ...columns.map(() => "--:")],
    ...lines,
  ];
  return rows.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function spread(values: readonly number[]): string {
  if (values.some(Number.isNaN)) return "";
  const round = (x: number) => x.toFixed(3);
  const range = values.length === 1 ? "" : ` (${round(Math.min(...values))}-${round(Math.max(...values))})`;
  return round(mean(values)) + range;
}
