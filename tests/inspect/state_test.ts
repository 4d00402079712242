import { assertEquals } from "@std/assert";
import type { Seen } from "../../inspect/page/messages.ts";
import { type Event, initial, next, type State } from "../../inspect/page/state.ts";
import { answerOf } from "../../inspect/page/words.ts";

const seen = (index: number, face: number, from: number, motion: number): Seen => {
  const moment = { frame: 10 * from + 1, time: from };
  return {
    index,
    face,
    window: {
      ...{
        from: moment,
        to: { frame: moment.frame + 9, time: from + 1 },
        onset: moment,
        apex: moment,
        offset: moment,
      },
      ...{
        spotted: [],
        motion,
        peak: false,
        brief: motion,
        class: 1,
        label: "yes",
        probabilities: [0.25, 0.75],
        logits: [0, 1],
        place: null,
      },
    },
  };
};
const all = (events: readonly Event[], from: State = initial) => events.reduce(next, from);
const result = {
  frames: 30,
  seconds: 3,
  width: 8,
  height: 8,
  spacing: [0.1, 0.1],
  single: false,
  notes: [],
} as const;
const ready = {
  ...{ name: "m", classes: ["no", "yes"], reads: "", evaluated: true, note: "", networks: 1, engine: "wasm" },
};

Deno.test("state: at the end the window is chosen that stands out, not just the one that moves most", () => {
  const windows = [seen(0, 1, 0, 9), seen(1, 1, 1, 2), seen(2, 2, 1, 5)];
  const before = all([
    { kind: "ready", ready },
    { kind: "look" },
    ...windows.map((one) => ({ kind: "seen", seen: one }) as const),
  ]);
  assertEquals([before.chosen, before.doing?.text], [0, "Opening"]); // the first, until more is known
  const done = (peaks: { face: number; from: number }[]) =>
    next(before, { kind: "done", input: "clip", result, peaks, ms: 1 });
  assertEquals(done([]).chosen, 0);
  const after = done([{ face: 1, from: 11 }, { face: 2, from: 11 }]);
  assertEquals(after.seen.map(({ window }) => window.peak), [false, true, true]);
  assertEquals([after.chosen, after.doing], [2, undefined]);
  assertEquals(answerOf(after.seen), "Face 1, 1.00 to 2.00 s: yes, 75 %. Face 2, 1.00 to 2.00 s: yes, 75 %.");
});

Deno.test("state: another clip forgets the one before, a problem leaves the model", () => {
  const before = all([
    { kind: "ready", ready },
    { kind: "seen", seen: seen(0, 1, 0, 1) },
    { kind: "problem", text: "x.avi is no video.", fatal: false },
  ]);
  assertEquals([before.problem, before.doing, before.broken], ["x.avi is no video.", undefined, false]);
  const after = next(before, { kind: "look" });
  assertEquals([after.ready, after.seen, after.problem, after.chosen], [ready, [], undefined, undefined]);
  assertEquals(next(after, { kind: "problem", text: "lost", fatal: true }).broken, true);
});
