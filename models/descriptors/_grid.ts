/** Into how many parts a clip is cut. */
export interface BlockGrid {
  /** From top to bottom. */
  readonly rows: number;
  /** From left to right. */
  readonly columns: number;
  /** In time. */
  readonly times: number;
}

/** The first place of each of `parts` parts of `length` places, and the end: part i is [edges[i], edges[i + 1]). No two differ by more than one place. */
export function edges(length: number, parts: number): number[] {
  return Array.from({ length: parts + 1 }, (_, i) => Math.floor(i * length / parts));
}

/** The part that each place is in. */
export function partOf(length: number, parts: number): Int32Array {
  const all = edges(length, parts), of = new Int32Array(length);
  for (let part = 0; part < parts; part++) of.fill(part, all[part], all[part + 1]);
  return of;
}
