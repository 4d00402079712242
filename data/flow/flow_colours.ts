import type { RgbImage } from "./flow_image.ts";
import type { Flow } from "./types.ts";

/** The settings of {@linkcode flowColours}. */
export interface FlowColoursOptions {
  /** The motion, in pixels, that gets the full colour; the longest one if not given. */
  readonly greatest?: number;
}

/** The wheel's stretches between red, yellow, green, cyan, blue, magenta and red, in steps; which channel rises or falls. */
const stretches = [
  { steps: 15, start: [255, 0, 0], channel: 1, sign: 1 },
  { steps: 6, start: [255, 255, 0], channel: 0, sign: -1 },
  { steps: 4, start: [0, 255, 0], channel: 2, sign: 1 },
  { steps: 11, start: [0, 255, 255], channel: 1, sign: -1 },
  { steps: 13, start: [0, 0, 255], channel: 0, sign: 1 },
  { steps: 6, start: [255, 0, 255], channel: 2, sign: -1 },
] as const;

const wheel = stretches.flatMap(({ steps, start, channel, sign }) =>
  Array.from(
    { length: steps },
    (_, i) => start.map((value, c) => c === channel ? value + sign * Math.floor(255 * i / steps) : value),
  )
);

/**
 * Flow as colour by the wheel of the Middlebury benchmark (Baker et al. 2007): the hue tells the direction (red to the right,
 * yellow-green down, cyan-blue to the left, violet up), white stands still, the full colour moves by `greatest`, a darker one by more.
 *
 * @param flow A flow.
 * @param options
 * @throws {RangeError} if `greatest` is not positive.
 *
 * @example
 * ```ts
 * import { flowColours } from "@macro2micro/mer/data";
 * import { assertEquals } from "@std/assert";
 *
 * const { pixels } = flowColours({ width: 2, height: 1, u: new Float32Array([0, 1]), v: new Float32Array(2) });
 * assertEquals([...pixels], [255, 255, 255, 255, 0, 0]); // still; to the right
 * ```
 */
export function flowColours(flow: Flow, options: FlowColoursOptions = {}): RgbImage {
  const { width, height, u, v } = flow;
  let longest = options.greatest ?? 0;
  if (options.greatest === undefined) {
    for (let i = 0; i < u.length; i++) longest = Math.max(longest, Math.hypot(u[i]!, v[i]!));
  } else if (!(longest > 0)) {
    throw new RangeError(
      `Cannot colour optical flow: greatest must be positive, current value is ${longest}`,
    );
  }
  const scale = longest > 0 ? 1 / longest : 0, pixels = new Uint8Array(width * height * 3);
  for (let i = 0; i < u.length; i++) {
    const length = Math.hypot(u[i]!, v[i]!) * scale;
    // From -1 to 1; -v is -0 for 0, so that what moves right is at the wheel's start.
    const turn = Math.atan2(-v[i]!, -u[i]!) / Math.PI, at = (turn + 1) / 2 * (wheel.length - 1);
    const low = Math.floor(at), share = at - low, a = wheel[low]!, b = wheel[(low + 1) % wheel.length]!;
    for (let c = 0; c < 3; c++) {
      const hue = ((1 - share) * a[c]! + share * b[c]!) / 255;
      pixels[3 * i + c] = Math.round(255 * (length <= 1 ? 1 - length * (1 - hue) : 0.75 * hue));
    }
  }
  return { width, height, pixels };
}
