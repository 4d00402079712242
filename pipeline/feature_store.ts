import type { Features } from "../types.ts";
import { readFeatures } from "./features.ts";
import type { Plan, PlanClip } from "./plan.ts";
import { sha256 } from "../sha256.ts";
import type { TrainingRecord } from "./training_record.ts";

/** The features of a plan's clips by position. Whatever is taken is recorded, with the checksum of its values. */
export class FeatureStore {
  readonly #plan: Plan;
  readonly #record: TrainingRecord;

  /** @param plan A plan whose clips have been described. */
  constructor(plan: Plan, record: TrainingRecord) {
    this.#plan = plan;
    this.#record = record;
  }

  /** The features of the clip at a position. */
  async get(index: number): Promise<Features> {
    const clip = this.#plan.micro[index] as PlanClip;
    const features = await readFeatures(clip.features as string);
    this.#record.read(
      "micro",
      clip,
      sha256(new Uint8Array(features.buffer, features.byteOffset, features.byteLength)),
    );
    return features;
  }
}
