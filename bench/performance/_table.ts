import type { Row } from "./_settings.ts";

/** The rows as a table in Markdown; the same rows give the same text. */
export function table(rows: readonly Row[]): string {
  const lines = rows.map((row) => {
    const { unit } = row;
    const digits = unit === "s" ? 2 : 0;
    const values = (side: "ours" | "theirs") =>
      `${row[side].toFixed(digits)} ${unit}${
        row.processor ? ` (${row.processor[side].toFixed(digits)})` : ""
      }`;
    const result = row.kind === "ratio" ? row.result.toFixed(2) : `${row.result.toFixed(2)} ${unit}`;
    const limit = row.limit === undefined
      ? "-"
      : `${row.limit.toFixed(2)}, ${row.result <= row.limit ? "met" : "missed"}`;
    return `| ${row.what} | ${values("ours")} | ${row.other}: ${values("theirs")} | ${result} | ${limit} |`;
  });
  return ["| | Ours | Against | Result | At most |", "|---|---|---|---|---|", ...lines].join("\n");
}
