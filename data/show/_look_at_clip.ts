import type { Sample } from "../../types.ts";
import { loadSharp } from "../_sharp.ts";
import type { FaceFinder, Picture, Point } from "../faces/mod.ts";
import { flowColours, type GreyImage, tvl1Flow } from "../flow/mod.ts";
import { stills } from "./_still.ts";

/** What of a clip is drawn. Sizes and places are pixels of the frame. */
export interface ClipLook {
  readonly width: number;
  readonly height: number;
  /** The square that the flow was computed in, and whether a face said where. */
  readonly crop: {
    readonly left: number;
    readonly top: number;
    readonly side: number;
    readonly face: boolean;
  };
  /** 68 points on the onset frame, if a face was found. */
  readonly landmarks: readonly Point[];
  /** The flow from onset to apex as colour, a data URI. */
  readonly flow: string;
  /** The motion that has the full colour, pixels of the frame. */
  readonly motion: number;
  /** Onset, apex and offset as data URIs, if faces may be shown. */
  readonly frames: readonly string[];
}

/** Side of the flow's picture. */
const side = 160;

/** Decodes three frames of a clip, looks for the face on the onset frame and computes the flow to the apex. */
export async function lookAtClip(
  sample: Sample,
  { finder, faces }: { readonly finder?: FaceFinder | undefined; readonly faces: boolean },
): Promise<ClipLook> {
  const { onset, apex, offset } = sample;
  const frames = await stills(sample.source, faces ? [onset, apex, offset] : [onset, apex]);
  const first = frames.get(onset)!, { width, height } = first;
  const [face] = finder === undefined ? [] : await finder.find(first);
  const crop = square(first, face?.box);
  const from = await greyOf(first, crop), to = await greyOf(frames.get(apex)!, crop);
  const flow = tvl1Flow(from, to), motion = nearlyLongest(flow.u, flow.v);
  const { pixels } = flowColours(flow, { greatest: Math.max(motion, 0.25) });
  return {
    width,
    height,
    crop: { ...crop, face: face !== undefined },
    landmarks: face?.landmarks ?? [],
    flow: await dataUri(pixels, side, side),
    motion: motion * crop.side / side,
    frames: faces
      ? await Promise.all([onset, apex, offset].map((position) => {
        const { pixels, width, height } = frames.get(position)!;
        return dataUri(pixels, width, height);
      }))
      : [],
  };
}

/** The face with a margin, or the largest square in the middle; within the frame. */
function square(
  { width, height }: Picture,
  box: { left: number; top: number; width: number; height: number } | undefined,
): { left: number; top: number; side: number } {
  const most = Math.min(width, height);
  const wanted = box === undefined
    ? most
    : Math.min(most, Math.round(1.15 * Math.max(box.width, box.height)));
  const [x, y] = box === undefined
    ? [width / 2, height / 2]
    : [box.left + box.width / 2, box.top + box.height / 2];
  const within = (centre: number, size: number) =>
    Math.max(0, Math.min(size - wanted, Math.round(centre - wanted / 2)));
  return { left: within(x, width), top: within(y, height), side: wanted };
}

async function greyOf(
  { pixels, width, height }: Picture,
  crop: { left: number; top: number; side: number },
): Promise<GreyImage> {
  const sharp = await loadSharp();
  const data = await sharp(pixels, { raw: { width, height, channels: 3 } })
    .extract({ left: crop.left, top: crop.top, width: crop.side, height: crop.side })
    .resize(side, side).toColourspace("b-w").raw({ depth: "uchar" }).toBuffer();
  return { width: side, height: side, pixels: Float32Array.from(data) };
}

/** The length that 99.5% of the motions do not pass: the few longest are mistakes at the border. */
function nearlyLongest(u: Float32Array, v: Float32Array): number {
  const lengths = u.map((value, i) => Math.hypot(value, v[i]!)).sort();
  return lengths[Math.floor(0.995 * (lengths.length - 1))]!;
}

/** WebP: small, and read by every browser of today. */
async function dataUri(pixels: Uint8Array, width: number, height: number): Promise<string> {
  const sharp = await loadSharp();
  const bytes = await sharp(pixels, { raw: { width, height, channels: 3 } })
    .resize(320, 320, { fit: "inside", withoutEnlargement: true }).webp({ quality: 78 }).toBuffer();
  return `data:image/webp;base64,${bytes.toString("base64")}`;
}
