/** How codes of neighbours become bins of a histogram. */
export interface Bins {
  /** The bin of each code, 2^P of them. */
  readonly of: Int32Array;
  /** How many bins there are. */
  readonly count: number;
}

/**
 * Uniform patterns ("u2", Ojala et al. 2002): a bin for each circular code with at most two changes between 0 and 1, in ascending order, and one for
 * all others: P (P - 1) + 3 bins.
 */
export function uniformBins(neighbours: number): Bins {
  const codes = 2 ** neighbours, of = new Int32Array(codes);
  let count = 0;
  const changes = (code: number) => {
    let n = 0;
    for (let p = 0; p < neighbours; p++) n += (code >> p & 1) ^ (code >> (p + 1) % neighbours & 1);
    return n;
  };
  for (let code = 0; code < codes; code++) of[code] = changes(code) <= 2 ? count++ : -1;
  return { of: of.map((bin) => bin < 0 ? count : bin), count: count + 1 };
}

/** A bin for each code. */
export function allBins(neighbours: number): Bins {
  const count = 2 ** neighbours;
  return { of: Int32Array.from({ length: count }, (_, code) => code), count };
}
