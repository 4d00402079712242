import { spotApex } from "../data/spot_apex.ts";

/** Positions among the frames of a window, and how much moves. */
export interface SpottedWindow {
  readonly onset: number;
  readonly apex: number;
  readonly offset: number;
  /** Grey levels that the apex differs from the first frame by, head motion and light taken out. */
  readonly motion: number;
  /** How much of it comes and goes within the window: the height over the higher of the lowest points on both sides. */
  readonly brief: number;
}

/** Below this part of the way from the curve's floor to the apex nothing has begun yet, or all is over. */
const share = 0.25;

/**
 * Spots the apex in a window by `spotApex`, and around it, if `ends` is true, the onset and the offset: the nearest frames on both sides where the curve has come down to
 * a quarter of its height over its floor. A curve without such a frame keeps the window's end.
 *
 * @param grey Crops, side x side values, the window's first frame first.
 * @param side
 * @param options The apex where it is given; whether the ends are spotted.
 */
export function spotWindow(
  grey: readonly Uint8Array[],
  side: number,
  options: { readonly apex?: number; readonly ends?: boolean } = {},
): SpottedWindow {
  const { apex: spotted, curve } = spotApex(grey, side);
  const apex = options.apex ?? spotted, last = grey.length - 1, motion = curve[apex] ?? 0;
  const before = Math.min(...curve.slice(1, apex + 1)), after = Math.min(...curve.slice(apex));
  const brief = last < 2 || apex === 0 ? 0 : motion - Math.max(before, after);
  if (!options.ends || last < 2) return { onset: 0, apex, offset: last, motion, brief };
  const floor = Math.min(...curve.slice(1)), low = floor + share * (motion - floor);
  let onset = apex - 1, offset = apex + 1;
  while (onset > 0 && curve[onset]! > low) onset--;
  while (offset < last && curve[offset]! > low) offset++;
  return { onset: Math.max(0, onset), apex, offset: Math.min(last, offset), motion, brief };
}

/** Rec. 601 luma of RGB, as the apices of prepared clips are spotted in. */
export function lumaOf(pixels: Uint8Array): Uint8Array {
  const out = new Uint8Array(pixels.length / 3);
  for (let i = 0, k = 0; i < out.length; i++, k += 3) {
    out[i] = 0.299 * pixels[k]! + 0.587 * pixels[k + 1]! + 0.114 * pixels[k + 2]! + 0.5;
  }
  return out;
}
