import { compositeClasses, loadFlowImages } from "../data/mod.ts";
import { UserError } from "../types.ts";
import type { PlanClip } from "./plan.ts";
import { type LabelSource, labelSource } from "./read_samples.ts";
import type { Pipeline } from "./schema.ts";

/** Clips as flow images, for methods on flow. */
export async function flowClips(
  pipeline: Pipeline,
  root: string,
): Promise<{ micro: PlanClip[]; macro: PlanClip[]; classes: readonly string[]; labels: LabelSource[] }> {
  const { folder } = pipeline.flow as NonNullable<Pipeline["flow"]>;
  const databases: readonly string[] = pipeline.micro.databases;
  const images = await loadFlowImages(`${root}/${folder}`);
  const micro = images.filter((image) => databases.includes(image.database)).map((image): PlanClip => {
    const { database, subject, clip, classIndex } = image;
    if (compositeClasses[classIndex] === undefined) {
      throw new UserError(
        `Cannot train on ${root}/${folder}: manifest.csv gives ${database}/${subject}/${clip} the label ${classIndex}, which is none of 0, 1, 2; correct it.`,
      );
    }
    return { database, subject, clip, classIndex, file: `${root}/${folder}` };
  });
  const missing = databases.filter((name) => !micro.some(({ database }) => database === name));
  if (missing.length > 0) {
    throw new UserError(
      `Cannot train on ${root}/${folder}: manifest.csv has no image of ${
        missing.join(", ")
      }; make the folder again, or leave the database out of micro.databases.`,
    );
  }
  const named = micro.map(({ database, subject, clip, classIndex }) => [database, subject, clip, classIndex]);
  const labels = [labelSource(`manifest ${folder}/manifest.csv`, named)];
  return { micro, macro: [], classes: compositeClasses, labels };
}
