import { loadFlowImages, readCachedClip } from "../../data/mod.ts";
import { pngUri } from "../../eval/report/mod.ts";
import { UserError } from "../../types.ts";
import type { Plan, PlanClip } from "../plan.ts";

/** A picture below a heat map. */
export interface Below {
  /** A data URI. */
  readonly image: string;
  /** What it is. */
  readonly imageOf: string;
}

/** The flow images or, where faces may be shown, the apex frames of some clips, by name. Without faces no frame is read. */
export async function picturesOf(
  plan: Plan,
  names: ReadonlySet<string>,
  faces: boolean,
): Promise<Map<string, Below>> {
  const wanted = plan.micro.filter((clip) => names.has(clipName(clip)));
  if (plan.pipeline.flow) return await flowPictures(plan, names);
  if (!faces) return new Map();
  return new Map(
    wanted.map((clip) => [clipName(clip), { image: apexPicture(plan, clip), imageOf: "apex frame" }]),
  );
}

/** `database/subject/clip`. */
export function clipName(
  { database, subject, clip }: Pick<PlanClip, "database" | "subject" | "clip">,
): string {
  return `${database}/${subject}/${clip}`;
}

async function flowPictures(plan: Plan, names: ReadonlySet<string>): Promise<Map<string, Below>> {
  const folder = plan.micro[0]?.file;
  if (folder === undefined) return new Map();
  const images = await loadFlowImages(folder).catch((error) => {
    // The flow is an extra below the map: a report can be made again where the data are not.
    if (error instanceof UserError) return [];
    throw error;
  });
  return new Map(
    images.filter((image) => names.has(clipName(image))).map(({ pixels, shape, ...clip }) => [
      clipName(clip),
      { image: rgb(pixels, shape), imageOf: "flow image (red u, green v, blue strain)" },
    ]),
  );
}

function apexPicture(plan: Plan, clip: PlanClip): string {
  try {
    const { apex, shape: [, h, w, C] } = readCachedClip(clip.file, plan.pipeline.clip);
    return rgb(apex, [h, w, C]);
  } catch (error) {
    throw new UserError(
      `Cannot show the frame of ${clipName(clip)}: ${
        (error as Error).message.replace(/\.$/, "")
      }; leave out --faces, or decode the clips again with m2m run and --resume.`,
    );
  }
}

function rgb(pixels: Uint8Array, [h, w, C]: readonly [number, number, number]): string {
  const rgba = new Uint8Array(4 * h * w).fill(255);
  for (let i = 0; i < h * w; i++) {
    for (let c = 0; c < 3; c++) rgba[4 * i + c] = pixels[C * i + Math.min(c, C - 1)]!;
  }
  return pngUri(rgba, w, h);
}
