import sharp from "sharp";
import type { SeenWindow } from "../predict/predict_frames.ts";
import type { FacePictures } from "../predict/report/mod.ts";

/** So many windows of a face are shown. */
const most = 12;

interface Kept extends FacePictures {
  readonly motion: number;
}

/** Pictures for the page: of each face its first window and those with most motion, so that a long video needs no more room. */
export class PictureKeeper {
  readonly #kept = new Map<string, Kept[]>();

  /** Looks at a window of an input. */
  async keep(input: number, { face, window: { from, motion }, crops, side }: SeenWindow): Promise<void> {
    const key = `${input} ${face}`, kept = this.#kept.get(key) ?? [];
    const [first, ...others] = kept;
    const least = others.toSorted((a, b) => a.motion - b.motion)[0];
    if (kept.length >= most && least !== undefined && least.motion >= motion) return;
    const picture = {
      ...{ input, face, motion, from: from.time },
      onset: await jpegUri(crops.onset, side),
      apex: await jpegUri(crops.apex, side),
    };
    const rest = kept.length >= most ? others.filter((one) => one !== least) : others;
    this.#kept.set(key, first === undefined ? [picture] : [first, ...rest, picture]);
  }

  /** In the order of time for each face. */
  pictures(): FacePictures[] {
    return [...this.#kept.values()].flat();
  }
}

async function jpegUri(pixels: Uint8Array, side: number): Promise<string> {
  const image = sharp(pixels, { raw: { width: side, height: side, channels: 3 } });
  const bytes = await image.resize(96, 96).jpeg({ quality: 85 }).toBuffer();
  return `data:image/jpeg;base64,${new Uint8Array(bytes).toBase64()}`;
}
