// Stand-in for jsr:@std/assert@1.0.14, over node:assert: the part that this project uses, used only where JSR is out of reach.
// (`msg as string`: node:assert takes an undefined message as none, whatever the edition of its types says.)
import nodeAssert from "node:assert";

/** Fails unless `expr` is truthy. */
export function assert(expr: unknown, msg = ""): asserts expr {
  if (!expr) nodeAssert.fail(msg || `expected a truthy value, got ${String(expr)}`);
}

/** Fails unless both are deeply and strictly equal. */
export function assertEquals<T>(actual: T, expected: T, msg?: string): void {
  nodeAssert.deepStrictEqual(actual, expected, msg as string);
}

/** Fails if both are deeply and strictly equal. */
export function assertNotEquals<T>(actual: T, expected: T, msg?: string): void {
  nodeAssert.notDeepStrictEqual(actual, expected, msg as string);
}

/** Fails unless `actual` and `expected` differ by at most `tolerance` (default: 1e-7 relative to `expected`). */
export function assertAlmostEquals(
  actual: number,
  expected: number,
  tolerance?: number,
  msg?: string,
): void {
  if (Object.is(actual, expected)) return;
  const allowed = tolerance ??
    (Number.isFinite(expected) ? Math.abs(expected * 1e-7) : 1e-7);
  if (!(Math.abs(actual - expected) <= allowed)) {
    nodeAssert.fail(
      `${msg ? msg + ": " : ""}expected ${actual} to be within ${allowed} of ${expected}`,
    );
  }
}

/** Fails unless `actual` contains `expected`. */
export function assertStringIncludes(
  actual: string,
  expected: string,
  msg?: string,
): void {
  if (!actual.includes(expected)) {
    nodeAssert.fail(
      `${msg ? msg + ": " : ""}expected ${JSON.stringify(actual)} to include ${JSON.stringify(expected)}`,
    );
  }
}

/** Fails unless `actual` matches `expected`. */
export function assertMatch(
  actual: string,
  expected: RegExp,
  msg?: string,
): void {
  nodeAssert.match(actual, expected, msg as string);
}

// deno-lint-ignore no-explicit-any
type ErrorClass<E extends Error> = new (...args: any[]) => E;

/** Fails unless `error` is an `ErrorClass` whose message includes `msgIncludes`. */
export function assertIsError<E extends Error = Error>(
  error: unknown,
  ErrorClass?: ErrorClass<E>,
  msgIncludes?: string,
): asserts error is E {
  if (!(error instanceof Error)) {
    nodeAssert.fail(`expected an Error, got ${String(error)}`);
  }
  if (ErrorClass && !(error instanceof ErrorClass)) {
    nodeAssert.fail(
      `expected a ${ErrorClass.name}, got ${error.name}: ${error.message}`,
    );
  }
  if (msgIncludes !== undefined) {
    assertStringIncludes(error.message, msgIncludes);
  }
}

/** Fails unless `fn` throws such an error; returns it. */
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  ErrorClass?: ErrorClass<E>,
  msgIncludes?: string,
): E {
  try {
    fn();
  } catch (error) {
    assertIsError(error, ErrorClass, msgIncludes);
    return error;
  }
  nodeAssert.fail("expected the function to throw");
}

/** Fails unless `fn` rejects with such an error; resolves to it. */
export async function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  ErrorClass?: ErrorClass<E>,
  msgIncludes?: string,
): Promise<E> {
  try {
    await fn();
  } catch (error) {
    assertIsError(error, ErrorClass, msgIncludes);
    return error;
  }
  nodeAssert.fail("expected the function to reject");
}
