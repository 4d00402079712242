import { loadFlowImages } from "../data/mod.ts";
import type { Plan, PlanClip } from "./plan.ts";
import { sha256 } from "../sha256.ts";
import type { TrainingRecord } from "./training_record.ts";

/** The flow images of a plan by the position of their clip. Whatever is taken is recorded, with the checksum of its values. */
export class ImageStore {
  readonly #plan: Plan;
  readonly #images: ReadonlyMap<string, Uint8Array>;
  readonly #checksums = new Map<number, string>();
  readonly #record: TrainingRecord;

  private constructor(plan: Plan, images: ReadonlyMap<string, Uint8Array>, record: TrainingRecord) {
    this.#plan = plan;
    this.#images = images;
    this.#record = record;
  }

  /** Reads the images of the plan's folder. */
  static async open(plan: Plan, record: TrainingRecord): Promise<ImageStore> {
    const folder = (plan.micro[0] as PlanClip).file;
    const images = await loadFlowImages(folder, { channels: plan.pipeline.flow?.channels ?? [] });
    return new ImageStore(plan, new Map(images.map((image) => [name(image), image.pixels])), record);
  }

  /** The values 0..255 of the image at a position, h x w x C. */
  get(index: number): Uint8Array {
    const clip = this.#plan.micro[index] as PlanClip;
    const pixels = this.#images.get(name(clip)) as Uint8Array;
    let checksum = this.#checksums.get(index);
    if (checksum === undefined) this.#checksums.set(index, checksum = sha256(pixels));
    this.#record.read("micro", clip, checksum);
    return pixels;
  }
}

function name({ database, subject, clip }: Pick<PlanClip, "database" | "subject" | "clip">): string {
  return `${database}/${subject}/${clip}`;
}
