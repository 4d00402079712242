import type { Prediction } from "../types.ts";

/** The epoch of a row that was best on the clips it is tested with: no result, only a measure of how much such a choice inflates. */
export interface PeekedRow {
  /** The chosen epoch, from 1. */
  readonly epoch: number;
  /** How many there were to choose from. */
  readonly epochs: number;
  /** Its accuracy on the test clips. */
  readonly accuracy: number;
  /** Its predictions of them. */
  readonly predictions: readonly Prediction[];
}

/**
 * Best-epoch-on-test selection, as much public code does it: after every epoch of a row's last stage the test clips are predicted, and the first
 * epoch with the highest accuracy on them is kept. The training itself is the same with and without it.
 */
export class Peek {
  readonly #rows = new Map<string, { row: PeekedRow; lastStep: number }>();

  /**
   * To be called after every step of a row's last stage.
   *
   * @param epochSteps Steps of an epoch: after each of them, and after the last step, `predict` is called.
   */
  look(
    row: string,
    at: { readonly step: number; readonly steps: number },
    epochSteps: number,
    predict: () => readonly Prediction[],
  ): void {
    if (at.step % epochSteps === 0 || at.step === at.steps) this.#consider(row, at.step, predict());
  }

  /** The rows' best epochs; `last` has the predictions of the last step, which count where there was no step at all. */
  rows(last: ReadonlyMap<string, { readonly predictions: readonly Prediction[] }>): Map<string, PeekedRow> {
    for (const [row, { predictions }] of last) {
      if (!this.#rows.has(row)) this.#consider(row, 0, predictions);
    }
    return new Map([...last.keys()].map((row) => [row, this.#rows.get(row)!.row]));
  }

  /** For the checkpoint of a training that goes on. */
  toJSON(): unknown {
    return [...this.#rows];
  }

  /** Goes on from what `toJSON` gave. */
  static fromJSON(state: unknown): Peek {
    const peek = new Peek();
    peek.restore(state);
    return peek;
  }

  /** Takes what `toJSON` gave in place of what it holds. */
  restore(state: unknown): void {
    this.#rows.clear();
    for (const [row, kept] of state as [string, { row: PeekedRow; lastStep: number }][]) {
      this.#rows.set(row, kept);
    }
  }

  #consider(name: string, step: number, predictions: readonly Prediction[]): void {
    const known = this.#rows.get(name);
    if (known && step > 0 && step <= known.lastStep) return; // seen before the training was interrupted
    const epochs = (known?.row.epochs ?? 0) + 1;
    const right = predictions.filter((p) => p.truth === p.prediction).length;
    const accuracy = predictions.length === 0 ? 0 : right / predictions.length;
    const row = known && known.row.accuracy >= accuracy
      ? { ...known.row, epochs }
      : { epoch: epochs, epochs, accuracy, predictions };
    this.#rows.set(name, { row, lastStep: step });
  }
}
