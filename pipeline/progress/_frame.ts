import type { Standing } from "../standing.ts";
import { duration } from "./duration.ts";
import type { RunningItem, WorkState } from "./work_state.ts";

/** What a frame is drawn for. */
export interface FrameOptions {
  readonly columns: number;
  readonly rows: number;
  readonly colour: boolean;
  readonly stopping: boolean;
}

/** Values of a step by the letters of the paper, in the order in which they are shown. */
const letters: readonly (readonly [name: string, letter: string, part: boolean])[] = [
  ["loss", "L", false],
  ["expression", "L_c", false],
  ["accuracy", "right", true],
  ["spatial", "L_s", false],
  ["spatialAccuracy", "D_s", true],
  ["relation", "L_sam", false],
  ["relationAccuracy", "C_s", true],
  ["temporal", "L_t", false],
  ["temporalAccuracy", "D_t", true],
  ["contrastive", "L_con", false],
];

type Colour = "green" | "red" | "yellow" | "grey" | "bold";
const colours = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, "g");
const codes: Record<Colour, number> = { green: 32, red: 31, yellow: 33, grey: 90, bold: 1 };

/**
 * The lines of the live view, each shorter than the terminal is wide and fewer than it is high: how many jobs are where, a bar with the time
 * left, and for each job at work its stage, epoch, losses and accuracies, over as many lines as they need.
 */
export function frame(state: WorkState, { columns, rows, colour, stopping }: FrameOptions): string[] {
  const width = Math.max(20, columns - 1); // the last column makes some terminals wrap
  const paint = (text: string, as: Colour) => colour && text ? `\x1b[${codes[as]}m${text}\x1b[0m` : text;
  const { done, running, failed, waiting, all } = state.counts;
  const counts = [
    [`${done} of ${all} done`, "green"],
    [`${running} running`, "bold"],
    [failed > 0 ? `${failed} failed` : "", "red"],
    [`${waiting} waiting`, "grey"],
    [stopping ? "stopping ..." : "", "yellow"],
  ] as const;
  const head = wrap(counts.filter(([text]) => text), ", ", width, (text, as) => paint(text, as as Colour));
  const jobs = state.running.map((item) => jobLines(item, width, paint));
  const lines = [...head, bar(state, width, paint)];
  for (const [i, own] of jobs.entries()) {
    const last = i === jobs.length - 1;
    if (lines.length + own.length + (last ? 0 : 1) > rows - 1) {
      lines.push(paint(`and ${jobs.length - i} more`, "grey"));
      break;
    }
    lines.push(...own);
  }
  return lines.slice(0, Math.max(1, rows - 1));
}

function bar(state: WorkState, width: number, paint: (text: string, as: Colour) => string): string {
  const left = state.secondsLeft;
  const time = left === undefined ? "time left unknown" : left === 0 ? "done" : `${duration(left)} left`;
  const tail = ` ${(100 * state.part).toFixed(0).padStart(3)} %  ${time}`;
  const room = Math.min(40, width - tail.length - 2);
  if (room < 4) return tail.trim().slice(0, width);
  const filled = Math.round(room * state.part);
  return `[${paint("=".repeat(filled), "green")}${" ".repeat(room - filled)}]${tail}`;
}

function jobLines(item: RunningItem, width: number, paint: (text: string, as: Colour) => string): string[] {
  const parts: [string, Colour | undefined][] = [[item.name, "bold"]];
  if (!item.at) parts.push(["starting", "grey"]);
  else {
    const { name, epoch, epochs, step, steps } = item.at;
    if (name !== item.name) parts.push([name, undefined]);
    parts.push([`epoch ${epoch}/${epochs}`, undefined], [`step ${step}/${steps}`, undefined]);
    for (const value of valuesOf(item.at)) parts.push([value, "grey"]);
  }
  return wrap(parts, "  ", width, (text, as) => as ? paint(text, as as Colour) : text);
}

/** `L_c 0.912`, `D_s 52 %`, ... */
function valuesOf({ values }: Standing): string[] {
  return letters.flatMap(([name, letter, part]) => {
    const value = values[name];
    if (value === undefined) return [];
    return [`${letter} ${part ? `${(100 * value).toFixed(0)} %` : value.toPrecision(3)}`];
  });
}

/** Pieces side by side, further lines indented; a piece that is longer than a line is cut. */
function wrap(
  pieces: readonly (readonly [string, string | undefined])[],
  between: string,
  width: number,
  paint: (text: string, as: string | undefined) => string,
): string[] {
  const lines: string[] = [];
  let line = "", length = 0;
  for (const [whole, as] of pieces) {
    const text = whole.slice(0, width - 4);
    if (length > 0 && length + between.length + text.length > width) {
      lines.push(line + between.trimEnd());
      [line, length] = ["    ", 4];
    } else if (length > 0) {
      line += between;
      length += between.length;
    }
    line += paint(text, as);
    length += text.length;
  }
  return [...lines, line];
}

/** A line as long as it is shown. */
export function withoutColour(line: string): string {
  return line.replaceAll(colours, "");
}
