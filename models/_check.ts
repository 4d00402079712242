/** Throws a RangeError unless `value` is a positive integer. */
export function checkPositiveInteger(what: string, name: string, value: number): void {
  if (!Number.isInteger(value) || value < 1) {
    throw new RangeError(`Cannot ${what}: ${name} must be a positive integer, current value is ${value}`);
  }
}

/** Throws a RangeError unless `value` is a share that dropout can set to 0. */
export function checkRate(what: string, name: string, value: number): void {
  if (!(value >= 0 && value < 1)) {
    throw new RangeError(`Cannot ${what}: ${name} must be in [0, 1), current value is ${value}`);
  }
}
