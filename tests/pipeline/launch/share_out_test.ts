import { assert, assertEquals } from "@std/assert";
import { shareOut, type Work } from "../../../pipeline/launch/_share_out.ts";
import { seededRandom } from "../../../engine/random.ts";

Deno.test("folds that divide among the lanes are done whole, and so is one fold", () => {
  assertEquals(shareOut({ folds: 4, steps: 120, busy: [0, 0] }), [0, 0]);
  assertEquals(shareOut({ folds: 1, steps: 120, busy: [0, 0] }), [0, 0]);
  assertEquals(shareOut({ folds: 68, steps: 120, busy: [0] }), [0]);
  assertEquals(shareOut({ folds: 0, steps: 120, busy: [0, 30] }), [0, 0]);
});

Deno.test("of three folds on two lanes each does a whole one and half of the third", () => {
  assertEquals(shareOut({ folds: 3, steps: 120, busy: [0, 0] }), [0, 60]);
  assertEquals(shareOut({ folds: 6, steps: 120, busy: [50, 0] }), [95, 0]); // 335 = 95 + 2 whole; 385 = 3 whole + 25
});

Deno.test("parts of a few steps are not worth it", () => {
  assertEquals(shareOut({ folds: 3, steps: 12, busy: [0, 0] }), [0, 0]);
  assertEquals(shareOut({ folds: 2, steps: 120, busy: [0, 15] }), [0, 0]);
});

Deno.test("lanes end together, none later than with whole folds, and no two of them work on a fold at once", () => {
  const random = seededRandom("share out");
  let shared = 0;
  for (let trial = 0; trial < 500; trial++) {
    const steps = 20 + random.integer(200);
    const work = {
      folds: random.integer(30),
      steps,
      busy: Array.from({ length: 1 + random.integer(8) }, () => random.integer(2) * random.integer(steps)),
    };
    const firsts = shareOut(work);
    const whole = simulate(work, work.busy.map(() => 0));
    const end = simulate(work, firsts);
    assert(end <= whole, `${JSON.stringify(work)}: ${end} with ${firsts}, ${whole} with whole folds`);
    if (firsts.some((first) => first > 0)) shared++;
    if (firsts.filter((first) => first > 0).length === work.busy.length - 1) {
      const ideal = (work.folds * steps + work.busy.reduce((a, b) => a + b)) / work.busy.length;
      assert(end - ideal <= work.busy.length, `${JSON.stringify(work)}: ${end}, ideal ${ideal}`); // rounding
    }
  }
  assert(shared > 100, `${shared} of 500 were shared out`);
});

/** When the last lane ends: first parts, whole folds, then what is left of those begun, the longest first; none before its first part is over. */
function simulate({ folds, steps, busy }: Work, firsts: readonly number[]): number {
  const free = [...busy];
  const rests: { left: number; from: number }[] = [];
  let whole = folds;
  firsts.forEach((first, lane) => {
    if (first === 0) return;
    whole--;
    free[lane]! += first;
    rests.push({ left: steps - first, from: free[lane]! });
  });
  assert(whole >= 0);
  const next = () => free.indexOf(Math.min(...free));
  for (; whole > 0; whole--) free[next()]! += steps;
  for (const { left, from } of rests.sort((a, b) => b.left - a.left)) {
    const lane = next();
    free[lane] = Math.max(free[lane]!, from) + left;
  }
  return Math.max(...free);
}
