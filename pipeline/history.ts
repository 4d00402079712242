import type { StepReport } from "./stages/train_expression.ts";

/** A history as JSON. */
export interface HistoryState {
  lines: { stage: string; step: number; values: Record<string, number> }[];
  sums: Record<string, number>;
  steps: number;
}

/** Collects the losses and accuracies of a stage, at most 200 points: each is the mean over its window of steps. */
export class History {
  #lines: HistoryState["lines"] = [];
  #sums: HistoryState["sums"] = {};
  #steps = 0;

  /** Adds a step. */
  add(stage: string, report: StepReport): void {
    const window = Math.ceil(report.steps / 200);
    for (const [name, value] of Object.entries(report.values)) {
      this.#sums[name] = (this.#sums[name] ?? 0) + value;
    }
    this.#steps++;
    if (report.step % window !== 0 && report.step !== report.steps) return;
    const values = Object.fromEntries(
      Object.entries(this.#sums).map(([name, sum]) => [name, sum / this.#steps]),
    );
    this.#lines.push({ stage, step: report.step, values });
    this.#sums = {};
    this.#steps = 0;
  }

  /** A copy that goes on by itself: rows share a stage. */
  copy(): History {
    const copy = new History();
    copy.#lines = [...this.#lines];
    return copy;
  }

  /** For the checkpoint of a training that goes on. */
  toJSON(): HistoryState {
    return { lines: this.#lines, sums: this.#sums, steps: this.#steps };
  }

  /** Takes what `toJSON` gave in place of what it holds. */
  restore(state: unknown): void {
    const { lines, sums, steps } = structuredClone(state) as HistoryState;
    this.#lines = lines;
    this.#sums = sums;
    this.#steps = steps;
  }

  /** CSV: stage, step, then a column for each value that any stage has. */
  toCsv(): string {
    const names = [...new Set(this.#lines.flatMap((line) => Object.keys(line.values)))];
    const rows = this.#lines.map((line) =>
      [line.stage, line.step, ...names.map((name) => line.values[name]?.toPrecision(6) ?? "")].join(",")
    );
    return [["stage", "step", ...names].join(","), ...rows, ""].join("\n");
  }
}
