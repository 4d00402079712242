import type { Standing } from "../standing.ts";
import type { WorkItem } from "./run_progress.ts";

/** A job at work. */
export interface RunningItem extends WorkItem {
  /** Steps that are over. */
  readonly done: number;
  /** Where it stands, once it has said so. */
  readonly at?: Standing;
}

interface Entry {
  readonly item: WorkItem;
  state: "waiting" | "running" | "done" | "failed";
  done: number;
  /** Steps that were over when this run began with it: they cost no time now. */
  skipped: number;
  at?: Standing;
  /** When it began, last; 0 while it waits. */
  began: number;
  /** Milliseconds before it waited for another one. */
  worked: number;
}

/** How far the jobs of a run have come, for those who show it. */
export class WorkState {
  readonly #entries: Map<string, Entry>;
  readonly #before: number;
  readonly #now: () => number;
  readonly #began: number;

  /**
   * @param items What is still to do.
   * @param before How many jobs are done already.
   * @param now The time, milliseconds.
   */
  constructor(items: readonly WorkItem[], before: number, now: () => number = () => performance.now()) {
    this.#entries = new Map(
      items.map((item) => [item.key, { item, state: "waiting", done: 0, skipped: 0, began: 0, worked: 0 }]),
    );
    this.#before = before;
    this.#now = now;
    this.#began = now();
  }

  /** A job begins, or begins again. */
  start(key: string): void {
    const entry = this.#of(key);
    if (entry.began === 0) entry.began = this.#now();
    entry.state = "running";
  }

  /** So many of its steps are over that were made before; gives whether by another run, and not by this one before the job waited. */
  skip(key: string, steps: number): boolean {
    const entry = this.#of(key), waited = entry.worked > 0;
    if (!waited) entry.skipped += Math.max(0, steps - entry.done);
    entry.done = Math.max(entry.done, steps);
    return !waited;
  }

  /** A job stands somewhere. */
  step(key: string, done: number, at: Standing): void {
    Object.assign(this.#of(key), { done, at });
  }

  /** A job waits, with what it has done, until it begins again. */
  wait(key: string): void {
    const entry = this.#of(key);
    entry.state = "waiting";
    entry.worked += this.#now() - entry.began;
    entry.began = 0;
  }

  /** A job is over; gives the seconds that it was at work. */
  end(key: string, state: "done" | "failed"): number {
    const entry = this.#of(key);
    entry.state = state;
    entry.done = entry.item.steps;
    return (this.#now() - entry.began + entry.worked) / 1000;
  }

  /** The words for a job. */
  name(key: string): string {
    return this.#of(key).item.name;
  }

  /** Its steps. */
  steps(key: string): number {
    return this.#of(key).item.steps;
  }

  /** How many jobs there are of each kind. */
  get counts(): { done: number; running: number; failed: number; waiting: number; all: number } {
    const counts = {
      done: this.#before,
      running: 0,
      failed: 0,
      waiting: 0,
      all: this.#before + this.#entries.size,
    };
    for (const { state } of this.#entries.values()) counts[state]++;
    return counts;
  }

  /** The jobs at work, in order. */
  get running(): RunningItem[] {
    return [...this.#entries.values()].filter(({ state }) => state === "running")
      .map(({ item, done, at }) => ({ ...item, done, ...(at ? { at } : {}) }));
  }

  /** The part of the steps that is over, 0 to 1. */
  get part(): number {
    const { done, all } = this.#sums();
    return all === 0 ? 1 : Math.min(1, done / all);
  }

  /** Seconds that are left at the pace so far; undefined while there is none. */
  get secondsLeft(): number | undefined {
    const { done, all, made } = this.#sums();
    if (done >= all) return 0;
    if (made <= 0) return undefined;
    return (this.#now() - this.#began) / 1000 * (all - done) / made;
  }

  /** Steps that are over, all that there are, and those over that were made since the beginning. */
  #sums(): { done: number; all: number; made: number } {
    let done = 0, all = 0, made = 0;
    for (const entry of this.#entries.values()) {
      done += Math.min(entry.done, entry.item.steps);
      all += entry.item.steps;
      if (entry.state !== "failed") made += Math.min(entry.done, entry.item.steps) - entry.skipped;
    }
    return { done, all, made };
  }

  #of(key: string): Entry {
    const entry = this.#entries.get(key);
    if (entry === undefined) throw new RangeError(`There is no job ${key}`);
    return entry;
  }
}
