/** Where a training stands after a step: what status files, the live view and JSON lines show. */
export interface Standing {
  /** `macro` (MaNet), `micro` (MiNet before the guidance), `guided`. */
  readonly stage: "macro" | "micro" | "guided";
  /** The network or the row in words: `MaNet`, `MiNet`, `L_c + L_s`. */
  readonly name: string;
  /** Of the stage, from 1. */
  readonly step: number;
  /** How many steps the stage has. */
  readonly steps: number;
  /** The epoch of the step, from 1. */
  readonly epoch: number;
  /** How many epochs the stage has; the last may be cut short. */
  readonly epochs: number;
  /** Losses and accuracies of the step by name. */
  readonly values: Readonly<Record<string, number>>;
}

/** What a stage says of a step, with the epoch that it belongs to. */
export function standing(
  stage: Standing["stage"],
  name: string,
  { step, steps, values }: Pick<Standing, "step" | "steps" | "values">,
  stepsPerEpoch: number,
): Standing {
  const epochs = Math.ceil(steps / stepsPerEpoch);
  return { stage, name, step, steps, epoch: Math.ceil(step / stepsPerEpoch), epochs, values };
}

/** A standing in a few words. */
export function standingText({ name, step, steps }: Standing): string {
  return `${name} step ${step}/${steps}`;
}
