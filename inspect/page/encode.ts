import type { Rgb } from "./messages.ts";
import { imageDataOf } from "./pixels.ts";

/** A picture as PNG, to the same pixels. */
export async function png(picture: Rgb): Promise<Blob> {
  return await canvasOf(picture).convertToBlob({ type: "image/png" });
}

/** A picture no wider or higher than `most`, as JPEG: to be looked at, not computed with. */
export async function preview(picture: Rgb, most: number): Promise<Blob> {
  const { width, height } = picture, scale = Math.min(1, most / Math.max(width, height));
  const canvas = new OffscreenCanvas(
    Math.max(1, Math.round(width * scale)),
    Math.max(1, Math.round(height * scale)),
  );
  const context = canvas.getContext("2d")!;
  context.imageSmoothingQuality = "high";
  context.drawImage(canvasOf(picture), 0, 0, canvas.width, canvas.height);
  return await canvas.convertToBlob({ type: "image/jpeg", quality: 0.9 });
}

/** A picture on a canvas of its size. */
export function canvasOf(picture: Rgb): OffscreenCanvas {
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  canvas.getContext("2d")!.putImageData(imageDataOf(picture), 0, 0);
  return canvas;
}
