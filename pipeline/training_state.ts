import * as tf from "@tensorflow/tfjs";
import type { Optimiser, Random } from "../engine/mod.ts";
import type { Params } from "../types.ts";
import { type Moment, readMoment, writeMoment } from "./_state_file.ts";
import { below, replaceParams, under } from "./stages/params.ts";
import type { TrainingRecord } from "./training_record.ts";

/** Something whose state is kept as JSON and taken back in place: a history, a record. */
export interface Kept {
  /** Its state. */
  toJSON(): unknown;
  /** Takes a state in place of its own. */
  restore(state: never): void;
}

/** Everything that the rest of a training loop depends on. */
export interface LoopParts {
  /** Parameters and batch-norm statistics; entries are replaced. */
  readonly params: Params;
  /** The optimiser, which has made no step yet. */
  readonly optimiser: Optimiser;
  /** The streams that are drawn from during the loop, but for the sampler's, whose batches are drawn again. */
  readonly streams: Readonly<Record<string, Random>>;
  /** What else grows during the loop. */
  readonly kept?: Readonly<Record<string, Kept>>;
  /** Steps of the loop. */
  readonly steps: number;
  /** Steps of an epoch. */
  readonly epoch: number;
}

/** A loop of optimisation steps that may go on from a checkpoint. */
export interface TrainingLoop {
  /** Steps that are over: the loop begins with the next. */
  readonly from: number;
  /** Draws the batches of the steps that are over, so that the sampler stands where it stood. */
  forward<T>(draw: () => T): () => T;
  /** To be called after every step, last of all: keeps the end of an epoch, and stops the training where that is asked for. */
  after(step: number): Promise<void>;
}

/** The training was asked to stop, and its last step is kept. */
export class Stopped extends Error {}

/** How a training keeps its state. */
export interface TrainingStateOptions {
  /** Kept with every loop; its scope tells the trainings of a job apart. */
  readonly record: TrainingRecord;
  /** Kept with every loop. */
  readonly kept?: Readonly<Record<string, Kept>>;
  /** Hears how many steps need not be made again. */
  readonly onSkip?: (steps: number) => void;
  /** Hears of a checkpoint that is of no use. */
  readonly say?: (line: string) => void;
  /** Whether the training shall stop. */
  readonly stop?: () => boolean;
  /** The time, milliseconds, by which checkpoints are far enough apart. @default performance.now */
  readonly now?: () => number;
  /** What is known from trainings before, and left to those after, of how long checkpoints take. @default nothing */
  readonly pace?: CheckpointPace;
}

/** How long checkpoints take. */
export interface CheckpointPace {
  /** The last one, milliseconds. */
  cost: number;
}

/** A checkpoint that takes less to write, in milliseconds, is written after every epoch. */
const quick = 10;
/** One that takes more is written as seldom as it must be to cost no more than this part of the time. */
const most = 1 / 50;

/**
 * The state of a training on disk, so that a process that is killed costs little (docs/runs.md). The folder holds `now`, the
 * loop that is at work, and a file for each loop that is over; what comes between the loops is done again, to the same bytes.
 */
export class TrainingState {
  readonly #folder: string | undefined;
  readonly #options: TrainingStateOptions;
  #seconds = 0;
  #began = performance.now();
  readonly #now: () => number;
  #wrote: number;
  readonly #pace: CheckpointPace;
  #resumed = false;

  /** @param folder Where the state lies; without one nothing is kept. */
  constructor(folder: string | undefined, options: TrainingStateOptions) {
    this.#folder = folder;
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    this.#pace = options.pace ?? { cost: 0 };
    this.#wrote = this.#now();
  }

  /** Seconds that the job has taken so far, over all processes that worked on it. */
  get seconds(): number {
    return this.#seconds + (performance.now() - this.#began) / 1000;
  }

  /** Whether anything was taken from a checkpoint. */
  get resumed(): boolean {
    return this.#resumed;
  }

  /** Begins a loop where it stood: at its start, within it, or, if it is over, at its end. All parts are restored in place. */
  async loop(name: string, parts: LoopParts): Promise<TrainingLoop> {
    const key = `${this.#options.record.scope}/${name}`;
    const moment = await this.#take(this.#file(key), key, parts) ??
      await this.#take(this.#file(), key, parts);
    const from = moment?.step ?? 0;
    if (from > 0) this.#options.onSkip?.(from);
    return {
      from,
      forward: (draw) => {
        for (let i = 0; i < from; i++) draw();
        return draw;
      },
      after: (step) => this.#after(key, step, parts),
    };
  }

  /**
   * Something of several loops whose result is all that is needed of it later, a training of the inner selection: done once, its result kept.
   *
   * @param scope The record's scope meanwhile.
   * @param steps How many steps it has.
   */
  async once<T>(scope: string, steps: number, work: () => Promise<T>): Promise<T> {
    const { record, onSkip } = this.#options;
    const before = record.scope;
    const key = `once ${scope}`, file = this.#file(key);
    const known = await this.#read(file, key);
    if (known) {
      this.#restore(known);
      onSkip?.(steps);
      return known.kept["result"] as T;
    }
    record.scope = scope;
    try {
      const result = await work();
      if (file) {
        await this.#write(file, { key, step: steps, tensors: {}, kept: { ...this.#always(), result } });
        await this.#removeWhere((name) => name.startsWith(encodeURIComponent(`${scope}/`)));
      }
      return result;
    } finally {
      record.scope = before;
    }
  }

  /** Stops the training where that is asked for and nothing is to be kept: between the steps of a loop that is not known here. */
  refuseIfStopping(): void {
    if (this.#options.stop?.()) throw new Stopped("The training was asked to stop");
  }

  /** The job is done: removes the state. */
  async remove(): Promise<void> {
    if (this.#folder) await Deno.remove(this.#folder, { recursive: true }).catch(() => {});
  }

  async #after(key: string, step: number, parts: LoopParts): Promise<void> {
    const file = this.#file(), over = this.#file(key);
    const stopping = this.#options.stop?.() ?? false;
    if (file && over) {
      if (step === parts.steps) {
        await this.#write(over, {
          key,
          step,
          tensors: under(parts.params, "params/"),
          kept: this.#kept(parts),
        });
        await Deno.remove(file).catch(() => {}); // it is of this loop
      } else if (stopping || (step % parts.epoch === 0 && this.#isTime())) {
        const state = parts.optimiser.state();
        try {
          const tensors = { ...under(parts.params, "params/"), ...under(state, "optimiser/") };
          await this.#write(file, { key, step, tensors, kept: this.#kept(parts) });
        } finally {
          tf.dispose(state);
        }
      }
    }
    if (stopping) throw new Stopped("The training was asked to stop");
  }

  #isTime(): boolean {
    const { cost } = this.#pace;
    return cost < quick || this.#now() - this.#wrote >= cost * (1 / most - 1);
  }

  async #write(file: string, moment: Omit<Moment, "seconds">): Promise<void> {
    const began = this.#now();
    await writeMoment(file, { ...moment, seconds: this.seconds });
    this.#wrote = this.#now();
    this.#pace.cost = this.#wrote - began;
  }

  #always(): Record<string, Kept> {
    return { ...this.#options.kept, record: this.#options.record as Kept };
  }

  #kept(parts: LoopParts): Record<string, unknown> {
    const streams = Object.entries(parts.streams).map(([name, stream]) => [name, stream.state()]);
    return { ...this.#always(), ...parts.kept, streams: Object.fromEntries(streams) };
  }

  /** Restores everything from a file that is of this loop. */
  async #take(file: string | undefined, key: string, parts: LoopParts): Promise<Moment | undefined> {
    const moment = await this.#read(file, key, parts);
    if (!moment) return undefined;
    this.#restore(moment, parts.kept);
    replaceParams(parts.params, below(moment.tensors, "params/"));
    const state = below(moment.tensors, "optimiser/");
    if (moment.step < parts.steps) parts.optimiser.restore(state);
    tf.dispose(state);
    const streams = moment.kept["streams"] as Record<string, number[]>;
    for (const [name, stream] of Object.entries(parts.streams)) stream.restore(streams[name] as number[]);
    return moment;
  }

  #restore(moment: Moment, kept: LoopParts["kept"] = {}): void {
    for (const [name, part] of Object.entries({ ...this.#always(), ...kept })) {
      part.restore(moment.kept[name] as never);
    }
    this.#seconds = moment.seconds;
    this.#began = performance.now();
    this.#resumed = true;
  }

  /** A file's moment if it is of this loop and fits it. */
  async #read(file: string | undefined, key: string, parts?: LoopParts): Promise<Moment | undefined> {
    if (!file) return undefined;
    try {
      const moment = await readMoment(file);
      if (moment === undefined || moment.key === key && (!parts || fits(moment, parts))) return moment;
      tf.dispose(moment.tensors);
      if (moment.key === key) throw new Error("it is of another network");
    } catch (error) {
      const why = (error as Error).message;
      this.#options.say?.(`The checkpoint ${file} is damaged (${why}); what it held is trained anew.`);
    }
    return undefined;
  }

  /** The file of a loop that is over, or of the one at work. */
  #file(key?: string): string | undefined {
    if (this.#folder === undefined) return undefined;
    const name = key === undefined ? "now" : encodeURIComponent(key);
    return `${this.#folder}/${name}.safetensors`;
  }

  async #removeWhere(which: (name: string) => boolean): Promise<void> {
    const names: string[] = [];
    for await (const { name } of Deno.readDir(this.#folder as string)) if (which(name)) names.push(name);
    for (const name of names) await Deno.remove(`${this.#folder}/${name}`).catch(() => {});
  }
}

/** Whether the parameters are those of the loop. */
function fits({ tensors }: Moment, { params }: LoopParts): boolean {
  const found = below(tensors, "params/");
  const shape = (tensor: tf.Tensor | undefined) => String(tensor?.shape);
  return Object.keys(found).length === Object.keys(params).length &&
    Object.entries(params).every(([name, tensor]) => shape(found[name]) === shape(tensor));
}
