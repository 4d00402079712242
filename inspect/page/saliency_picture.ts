import { heatColour } from "../../page/heat_colour.ts";
import { canvasOf } from "./encode.ts";
import type { Rgb } from "./messages.ts";

/** A map of h x w values, not negative. */
export interface Heat {
  readonly values: Float32Array;
  readonly height: number;
  readonly width: number;
}

/** A saliency map over the picture that the network read, the clearer the less it says; enlarged smoothly, as in the reports. */
export async function saliencyPicture(
  picture: Rgb,
  { values, height, width }: Heat,
  side: number,
): Promise<Blob> {
  const canvas = new OffscreenCanvas(side, side), context = canvas.getContext("2d")!;
  context.imageSmoothingQuality = "high";
  context.drawImage(canvasOf(picture), 0, 0, side, side);
  const greatest = values.reduce((most, value) => Math.max(most, value), 0);
  const heat = new ImageData(width, height);
  values.forEach((value, i) => {
    const part = greatest > 0 ? value / greatest : 0;
    heat.data.set([...heatColour(part), Math.round(255 * 0.65 * part)], 4 * i);
  });
  const small = new OffscreenCanvas(width, height);
  small.getContext("2d")!.putImageData(heat, 0, 0);
  context.drawImage(small, 0, 0, side, side);
  return await canvas.convertToBlob({ type: "image/png" });
}
