import { assertEquals } from "@std/assert";
import { sumCounts, testCounts } from "../../tools/_test_counts.ts";

Deno.test("testCounts reads the closing line of deno test", () => {
  const line = "ok | 12 passed (3 steps) | 0 failed | 2 ignored (1 step) | 3 filtered out (1s)";
  assertEquals(testCounts(`a ... ok (1ms)\n\n${line}\n`, 0), { passed: 12, failed: 0, ignored: 2 });
  assertEquals(testCounts("FAILED | 1 passed | 2 failed (3ms)\n", 1), { passed: 1, failed: 2, ignored: 0 });
});

Deno.test("testCounts takes the last closing line: a test may print another", () => {
  assertEquals(testCounts("ok | 5 passed | 0 failed (1s)\nFAILED | 7 passed | 1 failed (2s)\n", 1), {
    passed: 7,
    failed: 1,
    ignored: 0,
  });
});

Deno.test("testCounts counts a command that failed without a failed test as one failure", () => {
  assertEquals(testCounts("error: Type checking failed.\n", 1), { passed: 0, failed: 1, ignored: 0 });
  assertEquals(testCounts("ok | 5 passed | 0 failed (1s)\nerror: leak\n", 1), {
    passed: 5,
    failed: 1,
    ignored: 0,
  });
  assertEquals(testCounts("", 0), { passed: 0, failed: 1, ignored: 0 });
});

Deno.test("testCounts counts the lines of a command that was ended before it closed", () => {
  const output = "./a_test.ts => a ... ok (1ms)\n./a_test.ts => b ... FAILED (2ms)\nc ... ignored (0ms)\n" +
    "'d' has been running for over (8m0s)\n./e_test.ts => ok e ... ok (1m2s)\n\nended: no test has ended for 600 s\n";
  assertEquals(testCounts(output, 137), { passed: 2, failed: 1, ignored: 1 });
});

Deno.test("sumCounts adds runs", () => {
  const runs = [{ passed: 1, failed: 0, ignored: 2 }, { passed: 3, failed: 1, ignored: 0 }];
  assertEquals(sumCounts(runs), { passed: 4, failed: 1, ignored: 2 });
});
