/** What every part of the comparison is told. */
export interface Settings {
  /** A Python with torch 2.13 and numpy. */
  readonly python: string;
  /** Our engine. */
  readonly engine: string;
  /** Threads within an operation, on both sides. */
  readonly threads: number;
  /** How often each side has its turn. */
  readonly turns: number;
  /** Timed steps in a turn. */
  readonly steps: number;
}

/** One line of the table: ours against the peer, or against a bound. */
export interface Row {
  /** What was done. */
  readonly what: string;
  /** Medians, and what they are of. */
  readonly unit: "ms" | "s" | "MB";
  /** Ours. */
  readonly ours: number;
  /** The other side: PyTorch, or what ours is compared with. */
  readonly theirs: number;
  /** Name of the other side. */
  readonly other: string;
  /** ours / theirs, or ours - theirs where `limit` is of a difference. */
  readonly result: number;
  /** Processor time, where it was taken. */
  readonly processor?: { readonly ours: number; readonly theirs: number };
  /** What the result should be at most; undefined where nothing was promised. */
  readonly limit?: number;
  /** Whether `result` is a ratio or a difference. */
  readonly kind: "ratio" | "difference";
  /** Every turn's medians, ours and theirs in the order in which they ran. */
  readonly turns: { readonly ours: readonly number[]; readonly theirs: readonly number[] };
}
