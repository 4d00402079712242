/**
 * The processes that this test's thread has started and that still run, by their ids; undefined where the system does not list them. Other test files run
 * beside this one in threads of the same process: theirs are not among them.
 */
export function children(): number[] | undefined {
  try {
    return Deno.readTextFileSync("/proc/thread-self/children").trim().split(" ").filter(Boolean).map(Number);
  } catch {
    return undefined;
  }
}
