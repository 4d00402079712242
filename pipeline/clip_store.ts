import { readCachedClip } from "../data/mod.ts";
import type { Clip } from "../types.ts";
import type { PlanClip } from "./plan.ts";
import type { Pipeline } from "./schema.ts";
import { sha256 } from "../sha256.ts";
import type { ClipSet, TrainingRecord } from "./training_record.ts";

/** How many bytes of pixels a worker keeps: enough for the small sets, a bound for the large. */
const budget = 256 * 2 ** 20;

/**
 * The clips of a plan by position, read from the clip cache when asked for; the last ones used are kept. Whatever is taken is
 * recorded, with the checksum of the pixels that were found.
 */
export class ClipStore {
  readonly #clips: readonly PlanClip[];
  readonly #kept = new Map<number, { readonly clip: Clip; readonly checksum: string }>();
  readonly #most: number;
  readonly #options: Pipeline["clip"];
  readonly #record: TrainingRecord;
  readonly #set: ClipSet;

  /**
   * @param clips The plan's clips; their files hold the shape that the pipeline asks for.
   * @param record Hears of every clip that is taken.
   * @param set What the clips are.
   */
  constructor(clips: readonly PlanClip[], pipeline: Pipeline, record: TrainingRecord, set: ClipSet) {
    const { frames, size, channels } = pipeline.clip;
    this.#clips = clips;
    this.#options = pipeline.clip;
    this.#most = Math.max(1, Math.floor(budget / ((frames + 1) * size * size * channels)));
    this.#record = record;
    this.#set = set;
  }

  /** The pixels of the clip at a position. */
  get(index: number): Clip {
    const { clip, checksum } = this.#find(index);
    this.#record.read(this.#set, this.#clips[index] as PlanClip, checksum);
    return clip;
  }

  #find(index: number): { readonly clip: Clip; readonly checksum: string } {
    const kept = this.#kept.get(index);
    if (kept) {
      this.#kept.delete(index); // to the end of the order: the first is the one not used for longest
      this.#kept.set(index, kept);
      return kept;
    }
    const clip = readCachedClip((this.#clips[index] as PlanClip).file, this.#options);
    const found = { clip, checksum: clipChecksum(clip) };
    if (this.#kept.size >= this.#most) this.#kept.delete(this.#kept.keys().next().value as number);
    this.#kept.set(index, found);
    return found;
  }
}

/** The SHA-256 of a clip's pixels, the frames and then the apex: what records and audits know a clip's content by. */
export function clipChecksum({ pixels, apex }: Clip): string {
  return sha256(pixels, apex);
}
