import type { Standing } from "../standing.ts";
import { jsonProgress } from "./json_progress.ts";
import { liveProgress } from "./live_progress.ts";
import { plainProgress } from "./plain_progress.ts";

/** A job of a run, to those who show how it goes. */
export interface WorkItem {
  /** Tells it from all others. */
  readonly key: string;
  /** In words: `MaNet`, `fold smic/s14 (seed 3)`. */
  readonly name: string;
  /** Its optimisation steps. */
  readonly steps: number;
}

/** Where the work of a run stands, shown on standard error in one way or another. */
export interface RunProgress {
  /** A line about something else: what was found, what was made. */
  line(text: string): void;
  /**
   * The jobs begin.
   *
   * @param items What is still to do, in order.
   * @param done How many jobs are done already.
   */
  begin(items: readonly WorkItem[], done: number): void;
  /** A job begins, or begins again after it has failed. */
  start(key: string): void;
  /** So many steps need not be made again. */
  skip(key: string, steps: number): void;
  /** A job stands at so many of its steps. */
  step(key: string, done: number, at: Standing): void;
  /**
   * A job is done.
   *
   * @param seconds How long it took, where that is known better than from when it was heard of.
   */
  finish(key: string, seconds?: number): void;
  /** A job waits for another one, with what it has done. */
  wait(key: string): void;
  /** A job has failed; whether it is tried again. */
  fail(key: string, why: string, again: boolean): void;
  /** The run shall stop: the jobs finish the step that they are at. */
  stopping(): void;
  /** There is no more to show; a second time changes nothing. */
  end(): void;
}

/** How progress is shown: `auto` is `live` on a terminal, else `plain`. */
export const progressForms = ["auto", "live", "plain", "json", "none"] as const;

/** How progress is shown. */
export type ProgressForm = typeof progressForms[number];

/** The progress of a run in the form that is asked for. */
export function runProgress(form: ProgressForm = "auto"): RunProgress {
  switch (form) {
    case "auto":
      return Deno.stderr.isTerminal() && Deno.env.get("TERM") !== "dumb" ? liveProgress() : plainProgress();
    case "live":
      return liveProgress();
    case "plain":
      return plainProgress();
    case "json":
      return jsonProgress();
    case "none":
      return noProgress();
  }
}

function noProgress(): RunProgress {
  const nothing = () => {};
  return {
    line: nothing,
    begin: nothing,
    start: nothing,
    skip: nothing,
    step: nothing,
    finish: nothing,
    wait: nothing,
    fail: nothing,
    stopping: nothing,
    end: nothing,
  };
}
