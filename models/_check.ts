/** Throws a RangeError unless `value` is a positive integer. */
export function checkPositiveInteger(what: string, name: string, value: number): void {
  if (!Number.isInteger(value) || value < 1) {
    throw new RangeError(`Cannot ${what}: ${name} must be a positive integer, current value is ${value}`);
  }
}
