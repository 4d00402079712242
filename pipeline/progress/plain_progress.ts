import { toStderr } from "./_stderr.ts";
import { duration } from "./duration.ts";
import type { RunProgress } from "./run_progress.ts";
import { WorkState } from "./work_state.ts";

/** A line for everything that is over: for files and pipes. */
export function plainProgress(): RunProgress {
  let state = new WorkState([], 0);
  const line = (text: string) => toStderr(`${text}\n`);
  const standing = () => {
    const left = state.secondsLeft;
    return `(${(100 * state.part).toFixed(0)} %${
      left === undefined ? "" : left === 0 ? ", done" : `, ${duration(left)} left`
    })`;
  };
  return {
    line,
    begin(items, done) {
      state = new WorkState(items, done);
      if (done > 0) line(`${done} of ${state.counts.all} jobs are done already`);
    },
    start: (key) => state.start(key),
    skip(key, steps) {
      if (!state.skip(key, steps)) return;
      line(`${state.name(key)} goes on from step ${steps} of ${state.steps(key)}`);
    },
    step: (key, done, at) => state.step(key, done, at),
    finish(key, seconds) {
      const own = state.end(key, "done");
      line(`${state.name(key)} done in ${duration(seconds ?? own)}  ${standing()}`);
    },
    wait: (key) => state.wait(key),
    fail(key, why, again) {
      if (again) return line(`${state.name(key)} failed and is tried again: ${why}`);
      state.end(key, "failed");
      line(`${state.name(key)} failed: ${why}  ${standing()}`);
    },
    stopping: () => line("stopping after the steps that are at work ..."),
    end() {},
  };
}
