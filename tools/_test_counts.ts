/** Numbers of tests. */
export interface TestCounts {
  /** Tests that passed. */
  readonly passed: number;
  /** Tests that failed. */
  readonly failed: number;
  /** Tests that were left out, for the reason in their name. */
  readonly ignored: number;
}

/**
 * The numbers in the closing line of `deno test` (`ok | 12 passed (3 steps) | 0 failed | 2 ignored (1s)`). A command
 * that failed without a failed test (a file that does not load, a leak at the end, its time limit) counts as one failure; of one
 * that was ended before it closed, the lines of the tests are counted.
 */
export function testCounts(output: string, code: number): TestCounts {
  const line = output.match(/^(?:ok|FAILED) \| \d+ passed\b.*$/gm)?.at(-1) ?? "";
  const told = (word: string) => Number(new RegExp(`(\\d+) ${word}\\b`).exec(line)?.[1] ?? 0);
  const seen = (word: string) =>
    output.match(new RegExp(`\\.\\.\\. ${word}\\b( \\([^)]*\\))?$`, "gm"))?.length ?? 0;
  const count = (word: string, mark: string) => line ? told(word) : seen(mark);
  const failed = count("failed", "FAILED");
  return {
    passed: count("passed", "ok"),
    failed: failed === 0 && (code !== 0 || line === "") ? 1 : failed,
    ignored: count("ignored", "ignored"),
  };
}

/** The sum of several runs. */
export function sumCounts(counts: readonly TestCounts[]): TestCounts {
  return counts.reduce((a, b) => ({
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    ignored: a.ignored + b.ignored,
  }), { passed: 0, failed: 0, ignored: 0 });
}
