import type { ClipIdentity } from "../types.ts";

/** Where a clip belongs: the micro-expressions that are split into folds, or the macro-expressions that guide. */
export type ClipSet = "micro" | "macro";

/** What clips are being read for. */
export interface RecordedStage {
  /** `macro`, `micro`, `guided`, `maps` (MaNet's maps of the macro clips), `test`. */
  readonly stage: string;
  /** The row, or what several rows share (the video feature of stage (b)). */
  readonly row: string;
  /** In `test`: after how many steps of the row's last stage. */
  readonly step?: number;
  /** In `test`: how many steps that stage has. */
  readonly steps?: number;
}

/** A number measured over clips, as it was computed (`over` says which clips) or as it was used (`over` is absent). */
export interface RecordedStatistic {
  /** What was measured: `class weights`. */
  readonly name: string;
  /** Positions in the record's `clips`. */
  readonly over?: readonly number[];
  /** The values. */
  readonly values: readonly number[];
}

/** What happened in one stage of one training. */
export interface RecordedUse extends RecordedStage {
  /** `final`, or `inner <setting>/<split>` for a training of the inner selection. */
  readonly scope: string;
  /** Clips whose pixels were taken: position in `clips`, position in `checksums`, how often. */
  readonly reads: readonly (readonly [clip: number, checksum: number, count: number])[];
  /** Labels that were trained on: position in `clips`, class, how often. */
  readonly labels: readonly (readonly [clip: number, classIndex: number, count: number])[];
  /** What was measured over clips. */
  readonly statistics: readonly RecordedStatistic[];
  /** Networks that the stage began from or was guided by: a name and the SHA-256 of the file. */
  readonly weights: readonly (readonly [name: string, sha256: string])[];
}

/** record.json: all that a training saw. */
export interface RecordFile {
  /** Changes with the form of the file. */
  readonly format: 1;
  /** Every clip that occurs. */
  readonly clips: readonly (readonly [set: ClipSet, database: string, subject: string, clip: string])[];
  /** SHA-256 of pixels as they were read. */
  readonly checksums: readonly string[];
  /** In the order in which they began. */
  readonly uses: readonly RecordedUse[];
  /** SHA-256 of the networks that were kept, by row. */
  readonly checkpoints: Readonly<Record<string, string>>;
}

interface Use {
  readonly where: RecordedStage & { readonly scope: string };
  readonly reads: Map<string, [number, number, number]>;
  readonly labels: Map<string, [number, number, number]>;
  readonly statistics: RecordedStatistic[];
  readonly weights: [string, string][];
}

/**
 * Keeps what a training sees, at the lowest level: the stores call `read` whenever pixels are taken, the functions that measure something call
 * `statistic`. `m2m audit` compares it with the splits (docs/audit.md).
 */
export class TrainingRecord {
  /** Whose training it is: `final`, or `inner <setting>/<split>`. */
  scope = "final";
  readonly #clips: [ClipSet, string, string, string][] = [];
  readonly #clipAt = new Map<string, number>();
  readonly #checksums: string[] = [];
  readonly #checksumAt = new Map<string, number>();
  readonly #uses = new Map<string, Use>();
  readonly #checkpoints: Record<string, string> = {};
  #now: RecordedStage = { stage: "unnamed", row: "" };
  /** What `later` puts off. */
  #untold: (() => void)[] | undefined;

  /** What follows belongs to this stage. */
  enter(stage: RecordedStage): void {
    this.#now = stage;
  }

  /** Like `enter` for the time of `work` alone. */
  during<T>(stage: RecordedStage, work: () => T): T {
    const before = this.#now;
    this.#now = stage;
    try {
      return work();
    } finally {
      this.#now = before;
    }
  }

  /**
   * What `work` reads, and the labels that it takes, are put down only when `tell` is called, which comes with its result: for a batch that is made
   * before its step.
   */
  later<T>(work: () => T): { readonly result: T; readonly tell: () => void } {
    const untold: (() => void)[] = this.#untold = [];
    try {
      return { result: work(), tell: () => untold.forEach((put) => put()) };
    } finally {
      this.#untold = undefined;
    }
  }

  /** The pixels of a clip were taken. */
  read(set: ClipSet, clip: ClipIdentity, checksum: string): void {
    if (this.#untold) return void this.#untold.push(() => this.read(set, clip, checksum));
    const at = this.#clip(set, clip);
    let sum = this.#checksumAt.get(checksum);
    if (sum === undefined) {
      this.#checksumAt.set(checksum, sum = this.#checksums.push(checksum) - 1);
    }
    count(this.#use().reads, at, sum);
  }

  /** A clip was trained on with this label. */
  label(set: ClipSet, clip: ClipIdentity, classIndex: number): void {
    if (this.#untold) return void this.#untold.push(() => this.label(set, clip, classIndex));
    count(this.#use().labels, this.#clip(set, clip), classIndex);
  }

  /**
   * Something was measured over clips, or, without clips, a measured value was used.
   *
   * @param over The clips, where it is being measured.
   */
  statistic(
    name: string,
    values: readonly number[],
    over?: { readonly set: ClipSet; readonly clips: readonly ClipIdentity[] },
  ): void {
    this.#use().statistics.push({
      name,
      ...(over ? { over: over.clips.map((clip) => this.#clip(over.set, clip)) } : {}),
      values: [...values],
    });
  }

  /** A network from a file is what the stage begins from or is guided by. */
  weights(name: string, sha256: string): void {
    this.#use().weights.push([name, sha256]);
  }

  /** A trained network was kept. */
  checkpoint(row: string, sha256: string): void {
    this.#checkpoints[row] = sha256;
  }

  /** For record.json, and for a checkpoint of a training that goes on. */
  toJSON(): RecordFile {
    return {
      format: 1,
      clips: this.#clips.map((clip) => [...clip] as const),
      checksums: [...this.#checksums],
      uses: [...this.#uses.values()].map((use) => ({
        ...use.where,
        reads: [...use.reads.values()].map((r) => [...r] as const),
        labels: [...use.labels.values()].map((l) => [...l] as const),
        statistics: [...use.statistics],
        weights: use.weights.map((w) => [...w] as const),
      })),
      checkpoints: { ...this.#checkpoints },
    };
  }

  /** Goes on from what `toJSON` gave; `scope` and stage are the caller's to set. */
  static fromJSON(file: RecordFile): TrainingRecord {
    const record = new TrainingRecord();
    record.restore(file);
    return record;
  }

  /** Takes what `toJSON` gave in place of what it holds; `scope` and the present stage stay. */
  restore(file: RecordFile): void {
    this.#clips.length = this.#checksums.length = 0;
    for (const known of [this.#clipAt, this.#checksumAt, this.#uses]) known.clear();
    for (const row of Object.keys(this.#checkpoints)) delete this.#checkpoints[row];
    for (const [set, database, subject, clip] of file.clips) this.#clip(set, { database, subject, clip });
    for (const checksum of file.checksums) {
      this.#checksumAt.set(checksum, this.#checksums.push(checksum) - 1);
    }
    for (const { reads, labels, statistics, weights, ...where } of file.uses) {
      this.#uses.set(key(where), {
        where,
        reads: new Map(reads.map(([clip, sum, n]) => [`${clip} ${sum}`, [clip, sum, n]])),
        labels: new Map(labels.map(([clip, label, n]) => [`${clip} ${label}`, [clip, label, n]])),
        statistics: [...statistics],
        weights: weights.map(([name, sha256]) => [name, sha256]),
      });
    }
    Object.assign(this.#checkpoints, file.checkpoints);
  }

  #clip(set: ClipSet, { database, subject, clip }: ClipIdentity): number {
    const name = JSON.stringify([set, database, subject, clip]);
    let at = this.#clipAt.get(name);
    if (at === undefined) this.#clipAt.set(name, at = this.#clips.push([set, database, subject, clip]) - 1);
    return at;
  }

  #use(): Use {
    const where = { scope: this.scope, ...this.#now };
    const name = key(where);
    let use = this.#uses.get(name);
    if (!use) {
      use = { where, reads: new Map(), labels: new Map(), statistics: [], weights: [] };
      this.#uses.set(name, use);
    }
    return use;
  }
}

function key({ scope, stage, row, step, steps }: RecordedStage & { readonly scope: string }): string {
  return JSON.stringify([scope, stage, row, step ?? null, steps ?? null]);
}

function count(counts: Map<string, [number, number, number]>, clip: number, what: number): void {
  const name = `${clip} ${what}`;
  const known = counts.get(name);
  if (known) known[2]++;
  else counts.set(name, [clip, what, 1]);
}
