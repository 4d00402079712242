import { type Prediction, UserError } from "../types.ts";
import { clipKey, clipName } from "./_order.ts";

/** A prediction with the line it was read from, counted from 1. */
export interface Placed {
  prediction: Prediction;
  line: number;
}

/** The lines of a text: without a byte order mark, whatever the line ends. */
export function splitLines(text: string): string[] {
  return text.replace(/^\uFEFF/, "").split(/\r\n|\n|\r/);
}

/** Collects what is wrong with a file's lines, to be reported at once. */
export class LineProblems {
  readonly #problems: { line: number; problem: string }[] = [];

  /** Notes what is wrong with a line. */
  add(line: number, problem: string): void {
    this.#problems.push({ line, problem });
  }

  /** Notes the clips that occur twice. */
  addRepeated(placed: readonly Placed[]): void {
    const seen = new Map<string, number>();
    for (const { prediction, line } of placed) {
      const key = clipKey(prediction);
      const before = seen.get(key);
      if (before === undefined) seen.set(key, line);
      else this.add(line, `clip ${clipName(prediction)} is on line ${before} already`);
    }
  }

  /** Throws one UserError that names every line noted, the first ones with what is wrong, if there is one. */
  throwIfAny(file: string, remedy: string): void {
    if (this.#problems.length === 0) return;
    this.#problems.sort((a, b) => a.line - b.line);
    const list = this.#problems.slice(0, described).map(({ line, problem }) => `line ${line}: ${problem}`);
    const rest = this.#problems.slice(described).map(({ line }) => line);
    if (rest.length > 0) list.push(`and line ${ranges(rest)}`);
    throw new UserError(`Cannot read ${file}: ${list.join("; ")}; ${remedy}.`);
  }
}

/** How many problems are told in words; of the rest, the line numbers. */
const described = 20;

/** Ascending numbers as "3, 5-9". */
function ranges(numbers: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const n of numbers) {
    const last = runs.at(-1);
    if (last && n <= last[1] + 1) last[1] = n;
    else runs.push([n, n]);
  }
  return runs.map(([a, b]) => (a === b ? a : `${a}-${b}`)).join(", ");
}

/** An integer >= 0 without sign, or undefined. */
export function parseIndex(text: string): number | undefined {
  return /^\d{1,6}$/.test(text) ? Number(text) : undefined;
}
