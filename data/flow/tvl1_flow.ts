import { resizeLinear } from "./_resize.ts";
import { Tvl1Solver } from "./_tvl1_solver.ts";
import type { Flow, GreyImage } from "./types.ts";

/** The settings of {@linkcode tvl1Flow}, under the names of OpenCV's `DualTVL1OpticalFlow` and with its defaults. */
export interface Tvl1FlowOptions {
  /** Step of the dual variables. @default 0.25 */
  readonly tau?: number;
  /** Weight of the data: smaller gives a smoother flow. @default 0.15 */
  readonly lambda?: number;
  /** How tightly the two flows of the decoupled problem are held together. @default 0.3 */
  readonly theta?: number;
  /** Scales of the pyramid, fewer where one would be under 16 pixels wide or high. @default 5 */
  readonly nscales?: number;
  /** How often the second image is moved back by the flow so far, at each scale. @default 5 */
  readonly warps?: number;
  /** Iteration stops when the root mean square change of the flow is below, pixels. @default 0.01 */
  readonly epsilon?: number;
  /** Iterations between two median filters. @default 30 */
  readonly innerIterations?: number;
  /** Median filters, each with its iterations, for each warp. @default 10 */
  readonly outerIterations?: number;
  /** Size of a scale over that of the next finer one. @default 0.8 */
  readonly scaleStep?: number;
  /** Side of the median filter; 0 leaves it out. @default 5 */
  readonly medianFiltering?: 0 | 3 | 5;
  /** Where to start from, in pixels; nothing moves if not given. */
  readonly initialFlow?: Flow;
}

type Settings = Required<Omit<Tvl1FlowOptions, "initialFlow">> & Pick<Tvl1FlowOptions, "initialFlow">;

const defaults: Settings = {
  tau: 0.25,
  lambda: 0.15,
  theta: 0.3,
  nscales: 5,
  warps: 5,
  epsilon: 0.01,
  innerIterations: 30,
  outerIterations: 10,
  scaleStep: 0.8,
  medianFiltering: 5,
};

/** A scale gets no smaller than this, as in OpenCV. */
const leastSide = 16;
let solver: Tvl1Solver | undefined;

/**
 * TV-L1 optical flow (Zach, Pock & Bischof 2007; Sanchez, Meinhardt-Llopis & Facciolo, IPOL 2013) by the scheme of OpenCV's
 * `DualTVL1OpticalFlow` with gamma 0. The flow u minimises
 *
 *     sum over pixels  |grad u_1| + |grad u_2| + lambda |I1(x + u) - I0(x)|,
 *
 * made convex by u ~ v with weight 1 / (2 theta): v is u moved along the gradient of I1 by a thresholded step, u is v + theta div p,
 * and the dual variables p take steps of tau / theta. From the coarsest scale to the finest, at each scale the second image is moved
 * back by the flow so far (bicubic, black outside) and the iteration run until its change is small.
 *
 * Faces in a database are registered and move by a pixel or two: the defaults fit. The result does not depend on the machine.
 * Memory of one image's size is kept between calls; the function is not asynchronous.
 *
 * @param from The first image, values 0..255.
 * @param to The second one, of the same size.
 * @returns The flow from the first to the second image, pixels.
 * @throws {RangeError} if sizes differ, are under 3 or do not fit the pixels, a pixel is not finite, or an option makes no sense.
 *
 * @example
 * ```ts
 * import { tvl1Flow } from "@macro2micro/mer/data";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const [width, height] = [48, 40];
 * const waves = (shift: number) => ({
 *   width,
 *   height,
 *   pixels: Float32Array.from({ length: width * height }, (_, i) =>
 *     128 + 60 * Math.sin((i % width - shift) / 4) * Math.cos(Math.floor(i / width) / 5)),
 * });
 * const { u, v } = tvl1Flow(waves(0), waves(0.7)); // everything moves 0.7 pixels to the right
 * const middle = 20 * width + 24;
 * assertAlmostEquals(u[middle]!, 0.7, 0.05);
 * assertAlmostEquals(v[middle]!, 0, 0.05);
 * ```
 */
export function tvl1Flow(from: GreyImage, to: GreyImage, options: Tvl1FlowOptions = {}): Flow {
  const settings: Settings = { ...defaults, ...options };
  check(from, to, settings);
  solver ??= new Tvl1Solver();
  const scales = pyramid(from, to, settings);
  for (let s = scales.length - 1; s >= 0; s--) {
    const scale = scales[s]!, finer = scales[s - 1];
    solver.solve(scale, settings);
    if (finer === undefined) continue;
    for (const name of ["u", "v"] as const) {
      resizeLinear(scale[name], scale.width, scale.height, finer[name], finer.width, finer.height);
      multiply(finer[name], 1 / settings.scaleStep);
    }
  }
  const { width, height, u, v } = scales[0]!;
  return { width, height, u, v };
}

interface Level extends Flow {
  readonly from: Float32Array;
  readonly to: Float32Array;
}

/** Both images at each scale, finest first, with room for the flow; the coarsest has the flow to start from. */
function pyramid(
  from: GreyImage,
  to: GreyImage,
  { nscales, scaleStep, initialFlow }: Settings,
): Level[] {
  const fresh = (width: number, height: number) => new Float32Array(width * height);
  const { width, height } = from;
  const levels: Level[] = [{
    width,
    height,
    from: from.pixels,
    to: to.pixels,
    u: initialFlow?.u.slice() ?? fresh(width, height),
    v: initialFlow?.v.slice() ?? fresh(width, height),
  }];
  while (levels.length < nscales) {
    const last = levels.at(-1)!;
    const [w, h] = [roundToEven(last.width * scaleStep), roundToEven(last.height * scaleStep)];
    if (w < leastSide || h < leastSide) break;
    const smaller = (plane: Float32Array) => {
      const out = fresh(w, h), step = 1 / scaleStep;
      resizeLinear(plane, last.width, last.height, out, w, h, [step, step]);
      return out;
    };
    const [u, v] = initialFlow ? [smaller(last.u), smaller(last.v)] : [fresh(w, h), fresh(w, h)];
    if (initialFlow) { for (const plane of [u, v]) multiply(plane, scaleStep); }
    levels.push({ width: w, height: h, from: smaller(last.from), to: smaller(last.to), u, v });
  }
  return levels;
}

function multiply(plane: Float32Array, by: number): void {
  for (let i = 0; i < plane.length; i++) plane[i] = plane[i]! * by;
}

/** Halves go to the even neighbour, as OpenCV rounds. */
function roundToEven(value: number): number {
  const floor = Math.floor(value), rest = value - floor;
  return rest === 0.5 ? floor + floor % 2 : Math.round(value);
}

function check(from: GreyImage, to: GreyImage, options: Settings): void {
  const refuse = (why: string): never => {
    throw new RangeError(`Cannot compute optical flow: ${why}`);
  };
  const { width, height } = from;
  if (!Number.isInteger(width) || !Number.isInteger(height) || width < 3 || height < 3) {
    refuse(`images must be at least 3x3 pixels, current size is ${width}x${height}`);
  }
  if (to.width !== width || to.height !== height) {
    refuse(`images must have one size, current sizes are ${width}x${height} and ${to.width}x${to.height}`);
  }
  const { initialFlow: initial } = options;
  if (initial !== undefined && (initial.width !== width || initial.height !== height)) {
    refuse(`initialFlow must have the images' size, current size is ${initial.width}x${initial.height}`);
  }
  const planes = { "from.pixels": from.pixels, "to.pixels": to.pixels };
  const starts = initial ? { "initialFlow.u": initial.u, "initialFlow.v": initial.v } : {};
  for (const [name, plane] of Object.entries<Float32Array>({ ...planes, ...starts })) {
    if (plane.length !== width * height) {
      refuse(`${name} must have ${width * height} values, current number is ${plane.length}`);
    }
    const odd = plane.findIndex((value) => !Number.isFinite(value));
    if (odd >= 0) refuse(`${name} must be finite, value ${odd} is ${plane[odd]}`);
  }
  for (const name of ["tau", "lambda", "theta"] as const) {
    if (!(options[name] > 0 && Number.isFinite(options[name]))) {
      refuse(`${name} must be a positive number, current value is ${options[name]}`);
    }
  }
  if (!(options.epsilon >= 0)) refuse(`epsilon must be 0 or more, current value is ${options.epsilon}`);
  for (const name of ["nscales", "warps", "innerIterations", "outerIterations"] as const) {
    if (!Number.isInteger(options[name]) || options[name] < 1) {
      refuse(`${name} must be a positive integer, current value is ${options[name]}`);
    }
  }
  if (!(options.scaleStep > 0 && options.scaleStep < 1)) {
    refuse(`scaleStep must be between 0 and 1, current value is ${options.scaleStep}`);
  }
  if (![0, 3, 5].includes(options.medianFiltering)) {
    refuse(`medianFiltering must be 0, 3 or 5, current value is ${options.medianFiltering}`);
  }
}
