import * as tf from "@tensorflow/tfjs";
import sharp from "sharp";
import { UserError } from "../../types.ts";
import { fromPadded, padded } from "./_padded.ts";

/** A picture in memory: row-major from the top, interleaved, 0..255. */
export interface Picture {
  /** height x width x channels values. */
  readonly pixels: Uint8Array;
  /** w, pixels. */
  readonly width: number;
  /** h, pixels. */
  readonly height: number;
  /** 1 grey, 3 RGB. */
  readonly channels: 1 | 3;
}

/** A point of a picture, pixels; the centre of the first pixel is (0.5, 0.5). */
export type Point = readonly [x: number, y: number];

/** A face in a picture. Coordinates are pixels of that picture and may lie outside of it. */
export interface FoundFace {
  /** How sure the detector is, 0..1. */
  readonly score: number;
  /** Where the face is. */
  readonly box: {
    readonly left: number;
    readonly top: number;
    readonly width: number;
    readonly height: number;
  };
  /**
   * The 68 points of the iBUG scheme: 0-16 jaw, 17-26 brows, 27-35 nose, 36-41 the eye on the picture's left, 42-47 the one on its right,
   * 48-67 mouth.
   */
  readonly landmarks: readonly Point[];
}

/** Finds faces and their landmarks. */
export interface FaceFinder {
  /**
   * The faces of a picture, the largest first. Faces that fill the picture are found too (its border is continued outwards).
   *
   * @param picture A picture, upright.
   * @param options
   */
  find(picture: Picture, options?: FindOptions): Promise<FoundFace[]>;
}

/** Options of a search. */
export interface FindOptions {
  /**
   * Faces below this score are not given.
   *
   * @default 0.5
   */
  readonly leastScore?: number;
}

/** What of face-api is used; its own types would bring a second copy of all of tfjs' types. */
interface FaceApi {
  readonly tf: { engine(): unknown };
  readonly nets: Readonly<Record<"ssdMobilenetv1" | "faceLandmark68Net", Net>>;
  readonly SsdMobilenetv1Options: new (options: { minConfidence: number; maxResults: number }) => unknown;
  detectAllFaces(input: tf.Tensor3D, options: unknown): { withFaceLandmarks(): Promise<Detected[]> };
}

interface Net {
  readonly isLoaded: boolean;
  loadFromDisk(folder: string): Promise<void>;
}

interface Detected {
  readonly detection: {
    readonly score: number;
    readonly box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  };
  readonly landmarks: { readonly positions: readonly { readonly x: number; readonly y: number }[] };
}

/**
 * Loads the detector (SSD on MobileNet v1, Liu et al. 2016) and the network of 68 landmarks of face-api, whose weights are in that package: nothing is fetched.
 * They run on the tensor engine that is set (`startEngine`) and leave it set. About 0.25 s a picture on wasm, 20 MB of weights in memory.
 *
 * @throws {UserError} if the package's weights cannot be read.
 *
 * @example
 * ```ts
 * import { openFaceFinder } from "@macro2micro/mer/data";
 * import { startEngine } from "@macro2micro/mer/engine";
 * import { assertEquals } from "@std/assert";
 *
 * await startEngine("wasm", { say: () => {} });
 * const finder = await openFaceFinder();
 * const wall = { pixels: new Uint8Array(64 * 48).fill(128), width: 64, height: 48, channels: 1 } as const;
 * assertEquals(await finder.find(wall), []);
 * ```
 */
export async function openFaceFinder(): Promise<FaceFinder> {
  const api = await loadFaceApi();
  return {
    async find(picture, { leastScore = 0.5 } = {}) {
      checkPicture(picture);
      const { pixels, side, frame } = await padded(picture, sharp);
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

let loaded: Promise<FaceApi> | undefined;

/** Once a process: the networks are the package's own and cannot be loaded twice. */
function loadFaceApi(): Promise<FaceApi> {
  return loaded ??= (async () => {
    const module: unknown = await import("@vladmandic/face-api/dist/face-api.node-wasm.js");
    const api = module as FaceApi;
    if (api.tf.engine() !== tf.engine()) {
      throw new Error(
        "Cannot find faces: face-api brought a second copy of tfjs; their versions must be equal",
      );
    }
    const weights = import.meta.resolve("@vladmandic/face-api/model/ssd_mobilenetv1_model.bin");
    const folder = new URL(".", weights);
    try {
      for (const net of [api.nets.ssdMobilenetv1, api.nets.faceLandmark68Net]) {
        if (!net.isLoaded) await net.loadFromDisk(decodeURIComponent(folder.pathname));
      }
    } catch (error) {
      throw new UserError(
        `Cannot find faces: the weights in ${folder} cannot be read (${
          (error as Error).message
        }); remove that package's folder, so that it is loaded again`,
      );
    }
    return api;
  })().catch((error) => {
    loaded = undefined;
    throw error;
  });
}

function checkPicture({ pixels, width, height, channels }: Picture): void {
  const fits = width >= 1 && height >= 1 && pixels.length === width * height * channels;
  if (fits && (channels === 1 || channels === 3)) return;
  throw new RangeError(
    `Cannot find faces: a picture of ${width}x${height}x${channels} has ${pixels.length} values`,
  );
}
