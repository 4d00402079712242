/**
 * The learning rate at a step.
 *
 * @param stage `learningRate` at the first step; `decay` constant, or cosine down to 0 at the end of `steps`.
 * @param step From 0.
 */
export function learningRateAt(
  stage: { readonly steps: number; readonly learningRate: number; readonly decay: "constant" | "cosine" },
  step: number,
): number {
  if (stage.decay === "constant") return stage.learningRate;
  return stage.learningRate * 0.5 * (1 + Math.cos(Math.PI * step / stage.steps));
}

/** The steps of an epoch: so many batches that every clip could have come once. */
export function stepsPerEpoch(clips: number, batch: number): number {
  return Math.max(1, Math.ceil(clips / batch));
}
