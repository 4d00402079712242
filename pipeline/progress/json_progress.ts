import type { Standing } from "../standing.ts";
import { toStderr } from "./_stderr.ts";
import type { RunProgress } from "./run_progress.ts";
import { WorkState } from "./work_state.ts";

/** What `--progress json` writes, one object a line (docs/runs.md). `job` is a job's name, `done` and `steps` count optimisation steps. */
export type ProgressEvent =
  | { readonly event: "line"; readonly text: string }
  | { readonly event: "begin"; readonly jobs: number; readonly done: number; readonly steps: number }
  | { readonly event: "start"; readonly job: string; readonly steps: number }
  | { readonly event: "resume"; readonly job: string; readonly done: number }
  | ({ readonly event: "step"; readonly job: string; readonly done: number } & Standing & Left)
  | { readonly event: "wait"; readonly job: string }
  | ({ readonly event: "done"; readonly job: string; readonly seconds: number } & Left)
  | { readonly event: "failed"; readonly job: string; readonly why: string; readonly again: boolean }
  | { readonly event: "stopping" }
  | { readonly event: "end"; readonly done: number; readonly failed: number; readonly jobs: number };

interface Left {
  /** The part of the run's steps that is over, 0 to 1. */
  readonly part: number;
  /** Seconds that are left, once there is a pace to tell it by. */
  readonly secondsLeft?: number;
}

/** A JSON object a line: for programs. */
export function jsonProgress(): RunProgress {
  let state = new WorkState([], 0);
  let begun = false;
  const say = (event: ProgressEvent) => toStderr(JSON.stringify(event) + "\n");
  const left = (): Left => {
    const secondsLeft = state.secondsLeft;
    return {
      part: round(state.part),
      ...(secondsLeft === undefined ? {} : { secondsLeft: round(secondsLeft) }),
    };
  };
  return {
    line: (text) => say({ event: "line", text }),
    begin(items, done) {
      state = new WorkState(items, done);
      begun = true;
      const steps = items.reduce((sum, item) => sum + item.steps, 0);
      say({ event: "begin", jobs: state.counts.all, done, steps });
    },
    start(key) {
      state.start(key);
      say({ event: "start", job: state.name(key), steps: state.steps(key) });
    },
    skip(key, done) {
      if (state.skip(key, done)) say({ event: "resume", job: state.name(key), done });
    },
    step(key, done, at) {
      state.step(key, done, at);
      say({ event: "step", job: state.name(key), done, ...at, ...left() });
    },
    finish(key, seconds) {
      const own = state.end(key, "done");
      say({ event: "done", job: state.name(key), seconds: round(seconds ?? own), ...left() });
    },
    wait(key) {
      state.wait(key);
      say({ event: "wait", job: state.name(key) });
    },
    fail(key, why, again) {
      if (!again) state.end(key, "failed");
      say({ event: "failed", job: state.name(key), why, again });
    },
    stopping: () => say({ event: "stopping" }),
    end() {
      if (!begun) return;
      begun = false;
      const { done, failed, all } = state.counts;
      say({ event: "end", done, failed, jobs: all });
    },
  };
}

function round(value: number): number {
  return Math.round(1000 * value) / 1000;
}
