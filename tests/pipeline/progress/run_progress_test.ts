import { assertEquals, assertMatch } from "@std/assert";
import { type RunProgress, runProgress } from "../../../pipeline/progress/run_progress.ts";
import { standing } from "../../../pipeline/standing.ts";
import { written } from "./_stderr.ts";

/** A run of two folds: one fails once and is resumed, one fails for good. */
function story(progress: RunProgress): void {
  progress.line("casme2: 12 clips");
  progress.begin([{ key: "a", name: "fold a", steps: 10 }, { key: "b", name: "fold b", steps: 30 }], 1);
  progress.start("a");
  progress.step("a", 5, standing("micro", "MiNet", { step: 5, steps: 10, values: { expression: 0.5 } }, 4));
  progress.fail("a", "killed", true);
  progress.start("a");
  progress.skip("a", 4);
  progress.finish("a");
  progress.start("b");
  progress.fail("b", "the loss is NaN", false);
  progress.stopping();
  progress.end();
}

Deno.test("plain progress is a line for everything that is over, without control characters", () => {
  const lines = written(() => story(runProgress("plain"))).split("\n");
  assertEquals(
    lines.map((line) => line.replace(/, (\d+ s left|done)/, ", LEFT").replace(/in \d+ s/, "in TIME")),
    [
      "casme2: 12 clips",
      "1 of 3 jobs are done already",
      "fold a failed and is tried again: killed",
      "fold a goes on from step 4 of 10",
      "fold a done in TIME  (25 %, LEFT)",
      "fold b failed: the loss is NaN  (100 %, LEFT)",
      "stopping after the steps that are at work ...",
      "",
    ],
  );
});

Deno.test("JSON progress is an object a line, the events of docs/runs.md", async () => {
  const lines = written(() => story(runProgress("json"))).trimEnd().split("\n").map((line) =>
    JSON.parse(line)
  );
  assertEquals(lines.map(({ event }) => event), [
    ...[
      "line",
      "begin",
      "start",
      "step",
      "failed",
      "start",
      "resume",
      "done",
      "start",
      "failed",
      "stopping",
      "end",
    ],
  ]);
  assertEquals(lines[1], { event: "begin", jobs: 3, done: 1, steps: 40 });
  const { secondsLeft: _, ...step } = lines[3];
  assertEquals(step, {
    event: "step",
    job: "fold a",
    done: 5,
    stage: "micro",
    name: "MiNet",
    step: 5,
    steps: 10,
    epoch: 2,
    epochs: 3,
    values: { expression: 0.5 },
    part: 0.125,
  });
  assertEquals(lines[4], { event: "failed", job: "fold a", why: "killed", again: true });
  assertEquals(lines[6], { event: "resume", job: "fold a", done: 4 });
  assertEquals(lines.at(-1), { event: "end", done: 2, failed: 1, jobs: 3 });
  const documented = await Deno.readTextFile(new URL("../../../docs/runs.md", import.meta.url));
  for (const { event } of lines) assertMatch(documented, new RegExp(`\\| \`${event}\` \\|`));
});

Deno.test("no progress writes nothing", () => {
  assertEquals(written(() => story(runProgress("none"))), "");
});

Deno.test("live progress draws each frame at once over the last one, and leaves none behind", () => {
  const text = written(() => story(runProgress("live")));
  const frames = text.split("\x1b[?2026h").slice(1);
  for (const frame of frames) assertEquals(frame.endsWith("\x1b[J\x1b[?2026l"), true, JSON.stringify(frame));
  // deno-lint-ignore no-control-regex
  assertMatch(frames[1]!, /^\r1 of 3 jobs are done already\x1b\[K\n/);
  // deno-lint-ignore no-control-regex
  assertMatch(frames.at(-1)!, /^\x1b\[\dA\r\x1b\[J\x1b\[\?2026l$/); // the frame is gone, what was above it stays
});
