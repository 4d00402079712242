import * as tf from "@tensorflow/tfjs";
import { fromPadded, padded } from "./_padded.ts";
import type { FaceFinder, FoundFace, Picture } from "./types.ts";

/** What of face-api is used; its own types would bring a second copy of all of tfjs' types. */
export interface FaceApi {
  readonly tf: { engine(): unknown };
  readonly nets: Readonly<Record<"ssdMobilenetv1" | "faceLandmark68Net", Net>>;
  readonly SsdMobilenetv1Options: new (options: { minConfidence: number; maxResults: number }) => unknown;
  detectAllFaces(input: tf.Tensor3D, options: unknown): { withFaceLandmarks(): Promise<Detected[]> };
}

interface Net {
  readonly isLoaded: boolean;
  loadFromDisk(folder: string): Promise<void>;
  loadFromWeightMap(weights: tf.NamedTensorMap): void;
}

interface Detected {
  readonly detection: {
    readonly score: number;
    readonly box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  };
  readonly landmarks: { readonly positions: readonly { readonly x: number; readonly y: number }[] };
}

/** The finder of a face-api whose two networks are loaded. Needs nothing of Deno: the inspector's page has one too. */
export function finderOf(api: FaceApi): FaceFinder {
  if (api.tf.engine() !== tf.engine()) {
    throw new Error(
      "Cannot find faces: face-api brought a second copy of tfjs; their versions must be equal",
    );
  }
  return {
    async find(picture, { leastScore = 0.5 } = {}) {
      checkPicture(picture);
      const { pixels, side, frame } = padded(picture);
      const input = tf.tensor3d(pixels, [side.height, side.width, 3], "int32");
      try {
        const options = new api.SsdMobilenetv1Options({ minConfidence: leastScore, maxResults: 10 });
        const found = await api.detectAllFaces(input, options).withFaceLandmarks();
        return found.map(({ detection: { score, box }, landmarks }): FoundFace => {
          const [left, top] = fromPadded(frame, box.x, box.y);
          return {
            score,
            box: { left, top, width: box.width * frame.scale, height: box.height * frame.scale },
            landmarks: landmarks.positions.map(({ x, y }) => fromPadded(frame, x, y)),
          };
        }).sort((a, b) => b.box.width * b.box.height - a.box.width * a.box.height);
      } finally {
        input.dispose();
      }
    },
  };
}

function checkPicture({ pixels, width, height, channels }: Picture): void {
  const fits = width >= 1 && height >= 1 && pixels.length === width * height * channels;
  if (fits && (channels === 1 || channels === 3)) return;
  throw new RangeError(
    `Cannot find faces: a picture of ${width}x${height}x${channels} has ${pixels.length} values`,
  );
}
