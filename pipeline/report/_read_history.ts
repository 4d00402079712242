import type { HistoryLine } from "../../eval/report/mod.ts";
import { UserError } from "../../types.ts";

/** The lines of a history file; none where there is no such file. */
export async function readHistory(file: string): Promise<HistoryLine[]> {
  const text = await Deno.readTextFile(file).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return "";
    throw new UserError(`Cannot read ${file}: ${error.message}.`);
  });
  return parseHistory(text);
}

/** What History's CSV says: stage, step, then a column for each value; an empty cell is no value. */
export function parseHistory(csv: string): HistoryLine[] {
  const [head = "", ...lines] = csv.trim().split("\n");
  const names = head.split(",").slice(2);
  return lines.map((line) => {
    const [stage = "", step, ...cells] = line.split(",");
    const values = names.flatMap((name, i) =>
      cells[i] === undefined || cells[i] === "" ? [] : [[name, Number(cells[i])]]
    );
    return { stage, step: Number(step), values: Object.fromEntries(values) };
  });
}
