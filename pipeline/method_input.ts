import { type Flow, opticalStrain, tvl1Flow } from "../data/mod.ts";
import type {
  ApexInput,
  Clip,
  ClipInput,
  FlowInput,
  InputNeed,
  LabelledImage,
  MethodInputs,
} from "../types.ts";

/**
 * What a method reads, made of a clip: its frames, the onset and the apex, or TV-L1 flow with its strain.
 *
 * @param need What the method asks for.
 * @param clip Frames of the number of channels that it asks for; grey for flow.
 */
export function methodInput(need: InputNeed, clip: Clip): MethodInputs[InputNeed["kind"]] {
  if (need.kind === "clip") {
    return { kind: "clip", pixels: clip.pixels, shape: clip.shape } satisfies ClipInput;
  }
  const [frames, height, width, channels] = clip.shape, size = height * width * channels;
  const frame = (t: number) => clip.pixels.subarray(t * size, (t + 1) * size);
  if (need.kind === "apex") {
    const shape = [height, width, channels] as const;
    return { kind: "apex", onset: frame(0), apex: clip.apex, shape } satisfies ApexInput;
  }
  const grey = (pixels: Uint8Array) => ({ width, height, pixels: Float32Array.from(pixels) });
  const maps = need.maps === "apex"
    ? [tvl1Flow(grey(frame(0)), grey(clip.apex))]
    : Array.from({ length: frames - 1 }, (_, t) => tvl1Flow(grey(frame(t)), grey(frame(t + 1))));
  return stack(maps);
}

/** Flow and strain of several maps, one after the other. */
function stack(maps: readonly Flow[]): FlowInput {
  const { width, height } = maps[0] as Flow, size = width * height;
  const plane = () => new Float32Array(maps.length * size);
  const [u, v, strain] = [plane(), plane(), plane()];
  maps.forEach((flow, i) => {
    u.set(flow.u, i * size);
    v.set(flow.v, i * size);
    strain.set(opticalStrain(flow).magnitude, i * size);
  });
  return { kind: "flow", u, v, strain, shape: [maps.length, height, width], unit: "pixels" };
}

/** A flow image (u, v, strain; 0..255) as a method reads it. */
export function storedFlow({ pixels, shape }: LabelledImage): FlowInput {
  const [height, width] = shape;
  const channel = (c: number) => Float32Array.from({ length: height * width }, (_, i) => pixels[3 * i + c]!);
  return {
    kind: "flow",
    u: channel(0),
    v: channel(1),
    strain: channel(2),
    shape: [1, height, width],
    unit: "stored",
  };
}
