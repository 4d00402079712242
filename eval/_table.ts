/** Refuses rows that do not fit their head. */
export function refuseUneven(
  task: string,
  head: readonly string[],
  rows: readonly (readonly unknown[])[],
): void {
  const odd = rows.find((row) => row.length !== head.length);
  if (odd === undefined) return;
  throw new RangeError(
    `Cannot ${task}: every row must have ${head.length} cells as the head has, current number is ${odd.length}`,
  );
}
