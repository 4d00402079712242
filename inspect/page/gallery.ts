import { flowColours } from "../../data/flow/flow_colours.ts";
import { tvl1Flow } from "../../data/flow/tvl1_flow.ts";
import type { SeenWindow } from "../../predict/predict_frames.ts";
import { lumaOf } from "../../predict/spot_window.ts";
import { png, preview } from "./encode.ts";
import type { TimedRgb } from "./frames_of.ts";
import type { Pictures, Rgb } from "./messages.ts";
import type { PageModel } from "./open_model.ts";
import { saliencyPicture } from "./saliency_picture.ts";

/** A frame is shown no larger than this. */
const mostSide = 640;
/** Windows whose pictures are kept; a megabyte each at most. */
const mostWindows = 200;

interface Frame {
  readonly image: Blob;
  readonly width: number;
  readonly height: number;
}

/** Keeps what pictures of windows are made of; they are made when somebody wants to see them. */
export class Gallery {
  readonly #model: PageModel;
  readonly #step: number;
  readonly #kept = new Map<number, { readonly seen: SeenWindow; readonly frame: Frame | undefined }>();
  /** Frames that windows begin with, and that may be asked for still. */
  readonly #beginnings = new Map<number, Promise<Frame>>();

  /**
   * @param model
   * @param step From the beginning of a window to the next one's, seconds.
   */
  constructor(model: PageModel, step: number) {
    this.#model = model;
    this.#step = step;
  }

  /** Passes frames on and remembers those that windows begin with, small. */
  async *watch(frames: AsyncIterable<TimedRgb>): AsyncGenerator<TimedRgb> {
    let start: number | undefined, next = 0;
    for await (const frame of frames) {
      const since = frame.time - (start ??= frame.time) + 1e-6; // times differ by rounding
      if (since >= next) {
        const { width, height } = frame;
        this.#beginnings.set(
          frame.frame,
          preview(frame, mostSide).then((image) => ({ image, width, height })),
        );
        while (next <= since) next += this.#step;
      }
      yield frame;
    }
  }

  /** Keeps a window. */
  async keep(index: number, seen: SeenWindow): Promise<void> {
    const { frame } = seen.window.from;
    this.#kept.set(index, { seen, frame: await this.#beginnings.get(frame) });
    // Windows come in the order of their beginnings.
    for (const earlier of this.#beginnings.keys()) if (earlier < frame) this.#beginnings.delete(earlier);
    if (this.#kept.size > mostWindows) this.#kept.delete(this.#kept.keys().next().value!);
  }

  /** The pictures of a window; undefined if they are no longer kept. */
  async pictures(index: number): Promise<Pictures | undefined> {
    const kept = this.#kept.get(index);
    if (kept === undefined) return undefined;
    const { seen: { crops, side, clip }, frame } = kept;
    const grey = (crop: Uint8Array) => ({
      width: side,
      height: side,
      pixels: Float32Array.from(lumaOf(crop)),
    });
    const flow = tvl1Flow(grey(crops.onset), grey(crops.apex));
    let greatest = 0;
    for (let i = 0; i < flow.u.length; i++) greatest = Math.max(greatest, Math.hypot(flow.u[i]!, flow.v[i]!));
    const square = (pixels: Uint8Array): Rgb => ({
      pixels: pixels as Uint8Array<ArrayBuffer>,
      width: side,
      height: side,
    });
    const heat = this.#model.saliency(clip);
    const [onset, apex, colours, saliency] = await Promise.all([
      png(square(crops.onset)),
      png(square(crops.apex)),
      png(square(flowColours(flow, greatest > 0 ? { greatest } : {}).pixels)),
      saliencyPicture(square(crops.apex), heat, side),
    ]);
    return {
      index,
      frame,
      onset,
      apex,
      flow: colours,
      greatest,
      saliency,
      cells: heat.width,
      ofApex: heat.ofApex,
      side,
    };
  }
}
