import * as tf from "@tensorflow/tfjs";
import { openFaceFinder } from "../data/faces/face_finder.ts";
import type { FaceFinder } from "../data/faces/types.ts";
import { startEngine } from "../engine/mod.ts";

/**
 * A face finder that runs on the wasm engine whatever engine is set, as `m2m data prepare`'s does: crops, and with them predictions, do not depend on the engine. Starts the wasm engine; start another afterwards.
 */
export async function steadyFinder(): Promise<FaceFinder> {
  await startEngine("wasm", { say: () => {} });
  const finder = await openFaceFinder();
  return {
    async find(picture, options) {
      const set = tf.getBackend();
      await tf.setBackend("wasm");
      try {
        return await finder.find(picture, options);
      } finally {
        await tf.setBackend(set);
      }
    },
  };
}
