import type { Matrix } from "./matrix.ts";

/** Columns at a time: four rows of so many numbers stay in the first cache. */
const strip = 1024;

/**
 * Dot products of all rows of `a` with all rows of `b`, a.rows x b.rows. With one matrix only half of them are computed. Four rows of `b` share each
 * load of a row of `a`.
 */
export function gram(a: Matrix, b: Matrix = a): Float64Array {
  if (a.columns !== b.columns) {
    throw new RangeError(`Cannot multiply rows of ${a.columns} and ${b.columns} numbers`);
  }
  const { columns } = a, out = new Float64Array(a.rows * b.rows), same = a === b;
  for (let from = 0; from < columns; from += strip) {
    const to = Math.min(columns, from + strip);
    for (let i = 0; i < a.rows; i++) {
      const last = same ? i + 1 : b.rows;
      let j = 0;
      for (; j + 4 <= last; j += 4) addFour(a, b, i, j, from, to, out);
      for (; j < last; j++) out[i * b.rows + j]! += dot(a, b, i, j, from, to);
    }
  }
  if (same) {
    for (let i = 0; i < a.rows; i++) for (let j = 0; j < i; j++) out[j * a.rows + i] = out[i * a.rows + j]!;
  }
  return out;
}

function dot(a: Matrix, b: Matrix, i: number, j: number, from: number, to: number): number {
  const x = a.values, y = b.values;
  let sum = 0;
  for (let k = from, p = i * a.columns + from, q = j * b.columns + from; k < to; k++) {
    sum += x[p++]! * y[q++]!;
  }
  return sum;
}

function addFour(
  a: Matrix,
  b: Matrix,
  i: number,
  j: number,
  from: number,
  to: number,
  out: Float64Array,
): void {
  const x = a.values, y = b.values, { columns } = b;
  let p = i * columns + from, q0 = j * columns + from;
  let q1 = q0 + columns, q2 = q1 + columns, q3 = q2 + columns;
  let s0 = 0, s1 = 0, s2 = 0, s3 = 0;
  for (let k = from; k < to; k++) {
    const value = x[p++]!;
    s0 += value * y[q0++]!;
    s1 += value * y[q1++]!;
    s2 += value * y[q2++]!;
    s3 += value * y[q3++]!;
  }
  const at = i * b.rows + j;
  out[at]! += s0;
  out[at + 1]! += s1;
  out[at + 2]! += s2;
  out[at + 3]! += s3;
}
