import type { Matrix } from "./matrix.ts";

/** What is taken from each column, and what it is then multiplied by. */
export interface Scaling {
  /** Taken away first. */
  readonly offset: Float64Array;
  /** Multiplied by then. */
  readonly factor: Float64Array;
}

/** Learns the scaling of columns from chosen rows, so that rows held out have no part in it. A column that does not vary becomes 0. */
export function learnScaling(
  data: Matrix,
  kind: "range" | "standard" | "none",
  among: readonly number[],
): Scaling {
  const { columns, values } = data;
  const offset = new Float64Array(columns), factor = new Float64Array(columns).fill(1);
  if (kind === "none") return { offset, factor };
  const second = new Float64Array(columns); // the greatest value, or the sum of squared differences
  if (kind === "range") {
    offset.fill(Infinity);
    second.fill(-Infinity);
    for (const row of among) {
      for (let c = 0, i = row * columns; c < columns; c++, i++) {
        if (values[i]! < offset[c]!) offset[c] = values[i]!;
        if (values[i]! > second[c]!) second[c] = values[i]!;
      }
    }
    for (let c = 0; c < columns; c++) factor[c] = second[c]! > offset[c]! ? 1 / (second[c]! - offset[c]!) : 0;
    return { offset, factor };
  }
  for (const row of among) for (let c = 0, i = row * columns; c < columns; c++, i++) offset[c]! += values[i]!;
  for (let c = 0; c < columns; c++) offset[c]! /= among.length;
  for (const row of among) {
    for (let c = 0, i = row * columns; c < columns; c++, i++) second[c]! += (values[i]! - offset[c]!) ** 2;
  }
  for (let c = 0; c < columns; c++) {
    const deviation = Math.sqrt(second[c]! / among.length);
    factor[c] = deviation > 1e-12 * Math.abs(offset[c]!) ? 1 / deviation : 0;
  }
  return { offset, factor };
}

/** A scaled copy. */
export function scaled(data: Matrix, { offset, factor }: Scaling): Matrix {
  const { columns, rows } = data, values = new Float64Array(data.values.length);
  for (let row = 0, i = 0; row < rows; row++) {
    for (let c = 0; c < columns; c++, i++) values[i] = (data.values[i]! - offset[c]!) * factor[c]!;
  }
  return { values, rows, columns };
}

/** The variance of all numbers of chosen rows together. */
export function variance({ values, columns }: Matrix, among: readonly number[]): number {
  const n = among.length * columns;
  let sum = 0, squares = 0;
  for (const row of among) for (let i = row * columns; i < (row + 1) * columns; i++) sum += values[i]!;
  for (const row of among) {
    for (let i = row * columns; i < (row + 1) * columns; i++) squares += (values[i]! - sum / n) ** 2;
  }
  return squares / n;
}
