import { UserError } from "../../types.ts";
import { type FaceApi, finderOf } from "./_finder_of.ts";
import type { FaceFinder } from "./types.ts";

export type * from "./types.ts";

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
  return finderOf(await loadFaceApi());
}

let loaded: Promise<FaceApi> | undefined;

/** Once a process: the networks are the package's own and cannot be loaded twice. */
function loadFaceApi(): Promise<FaceApi> {
  return loaded ??= (async () => {
    const module: unknown = await import("@vladmandic/face-api/dist/face-api.node-wasm.js");
    const api = module as FaceApi;
    const folder = new URL(".", import.meta.resolve("@vladmandic/face-api/model/ssd_mobilenetv1_model.bin"));
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
