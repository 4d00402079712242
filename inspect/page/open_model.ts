import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { startWasm } from "../../engine/wasm/mod.ts";
import { loadModelFiles } from "../../predict/trained_model.ts";
import type { ClipModel } from "../../predict/types.ts";
import type { Clip } from "../../types.ts";
import { load } from "./load.ts";
import type { Ready } from "./messages.ts";
import type { Heat } from "./saliency_picture.ts";

/** The model of the page's folder on the engine of the page's folder. */
export interface PageModel extends ClipModel {
  readonly ready: Ready;
  /** What speaks for the predicted class: on the apex frame, or, if no network looks at it, over all frames. */
  saliency(clip: Clip): Heat & { readonly ofApex: boolean };
}

/** Starts the wasm engine and loads the model; both come from the page's own folder. */
export async function openModel(base: string): Promise<PageModel> {
  setWasmPaths(`${base}engine/`);
  const version = await startWasm();
  const model = await loadModelFiles((name) => load(`${base}model/${name}`), { name: "the page" });
  const { description } = model, { clip, classes, members, origin } = description;
  return {
    description,
    predict: (clip) => model.predict(clip),
    saliency(clip) {
      const { apex, frames } = model.saliency(clip), [height, width] = (apex ?? frames!).shape.slice(-2);
      const heat = { height: height!, width: width!, ofApex: apex !== undefined };
      return { ...heat, values: apex?.values ?? overFrames(frames!.values, height! * width!) };
    },
    ready: {
      name: description.name,
      classes,
      reads: `It reads ${clip.frames} frames of ${clip.size} x ${clip.size} pixels and the apex frame.`,
      evaluated: origin.evaluated,
      note: origin.note,
      networks: members.length,
      engine: `tfjs ${version} as WebAssembly with our kernels`,
    },
  };
}

/** The mean over T maps of so many cells. */
function overFrames(values: Float32Array, cells: number): Float32Array {
  const out = new Float32Array(cells), frames = values.length / cells;
  values.forEach((value, i) => out[i % cells]! += value / frames);
  return out;
}
