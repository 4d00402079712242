/** Numbers in rows, one row a clip: n x columns values, row-major. */
export interface Matrix {
  /** n x columns values. */
  readonly values: Float64Array;
  /** n. */
  readonly rows: number;
  /** Numbers in a row. */
  readonly columns: number;
}

/**
 * Rows of equal length side by side.
 *
 * @throws {RangeError} If there is no row, a row is empty, or two differ in length.
 *
 * @example
 * ```ts
 * import { matrixOf } from "@macro2micro/mer/models";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([...matrixOf([[1, 2], [3, 4]]).values], [1, 2, 3, 4]);
 * ```
 */
export function matrixOf(rows: readonly ArrayLike<number>[]): Matrix {
  const columns = rows[0]?.length ?? 0;
  if (columns === 0) throw new RangeError("Cannot make a matrix: it needs one number or more, found none");
  const values = new Float64Array(rows.length * columns);
  rows.forEach((row, i) => {
    if (row.length !== columns) {
      throw new RangeError(
        `Cannot make a matrix: rows must have one length, row ${i} has ${row.length} numbers, the first ${columns}`,
      );
    }
    values.set(row, i * columns);
  });
  return { values, rows: rows.length, columns };
}
