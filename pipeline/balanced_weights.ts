/** N / (L n_c) for each of L classes from the class of each clip; 0 for a class without clips. Apart from the data layer, which needs the pipeline's schema, and that the networks. */
export function balancedWeights(classes: readonly number[], count: number): number[] {
  return Array.from({ length: count }, (_, c) => {
    const n = classes.filter((k) => k === c).length;
    return n === 0 ? 0 : classes.length / (count * n);
  });
}
