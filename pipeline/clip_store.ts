import { readCachedClip } from "../data/mod.ts";
import type { Clip } from "../types.ts";
import type { PlanClip } from "./plan.ts";
import type { Pipeline } from "./schema.ts";

/** How many bytes of pixels a worker keeps: enough for the small sets, a bound for the large. */
const budget = 256 * 2 ** 20;

/** The clips of a plan by position, read from the clip cache when asked for; the last ones used are kept. */
export class ClipStore {
  readonly #clips: readonly PlanClip[];
  readonly #kept = new Map<number, Clip>();
  readonly #most: number;
  readonly #options: Pipeline["clip"];

  /** @param clips The plan's clips; their files hold the shape that the pipeline asks for. */
  constructor(clips: readonly PlanClip[], pipeline: Pipeline) {
    const { frames, size, channels } = pipeline.clip;
    this.#clips = clips;
    this.#options = pipeline.clip;
    this.#most = Math.max(1, Math.floor(budget / ((frames + 1) * size * size * channels)));
  }

  /** The pixels of the clip at a position. */
  get(index: number): Clip {
    const kept = this.#kept.get(index);
    if (kept) {
      this.#kept.delete(index); // to the end of the order: the first is the one not used for longest
      this.#kept.set(index, kept);
      return kept;
    }
    const clip = readCachedClip((this.#clips[index] as PlanClip).file, this.#options);
    if (this.#kept.size >= this.#most) this.#kept.delete(this.#kept.keys().next().value as number);
    this.#kept.set(index, clip);
    return clip;
  }
}
