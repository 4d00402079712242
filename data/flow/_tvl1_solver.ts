import { fields, frame, groupBytes, tvl1Module } from "./_tvl1_routines.ts";

type Call = (...args: number[]) => void;

/** What one scale is solved with. */
export interface ScaleOptions {
  readonly tau: number;
  readonly lambda: number;
  readonly theta: number;
  readonly warps: number;
  readonly epsilon: number;
  readonly innerIterations: number;
  readonly outerIterations: number;
  readonly medianFiltering: 0 | 3 | 5;
}

/** One scale's images and the flow to start from, which the solution replaces. */
export interface Scale {
  readonly width: number;
  readonly height: number;
  readonly from: Float32Array;
  readonly to: Float32Array;
  readonly u: Float32Array;
  readonly v: Float32Array;
}

/** Memory and routines; the memory grows to the largest image so far and is used again. */
export class Tvl1Solver {
  readonly #memory = new WebAssembly.Memory({ initial: 1 });
  readonly #routines: Readonly<Record<string, Call>>;

  /** Compiles the routines. */
  constructor() {
    const module = new WebAssembly.Module(tvl1Module());
    const instance = new WebAssembly.Instance(module, { env: { memory: this.#memory } });
    this.#routines = instance.exports as Record<string, Call>;
  }

  /** Solves one scale in place. */
  solve(scale: Scale, options: ScaleOptions): void {
    const { width, height } = scale, groups = Math.ceil(width / 4);
    const framedWidth = width + 2 * frame, framedBytes = 4 * framedWidth * (height + 2 * frame);
    const row = groups * groupBytes, pitch = 16 * groups + 16;
    const place = this.#places({
      inner: 16,
      inside: 16,
      sums: 16,
      state: row * height + groupBytes, // one group more: the last pixel's right neighbour is looked at
      image: 4 * width * height,
      moved: framedBytes,
      gradientX: framedBytes,
      gradientY: framedBytes,
      plane: pitch * (height + 4),
    });
    const bytes = this.#memory.buffer;
    const lanes = width - 4 * (groups - 1);
    const mask = (count: number) => [0, 1, 2, 3].map((lane) => lane < count ? -1 : 0);
    new Int32Array(bytes, place.inner, 4).set(mask(lanes - 1));
    new Int32Array(bytes, place.inside, 4).set(mask(lanes));
    const floats = new Float32Array(bytes);
    this.#call("zero", place.state, row * height + groupBytes);
    moveFlow(scale, floats, place.state / 4, "in");
    floats.set(scale.from, place.image / 4);
    for (const name of ["moved", "gradientX", "gradientY"] as const) {
      this.#call("zero", place[name], framedBytes);
    }
    const corner = frame * framedWidth + frame;
    const planes = [place.moved, place.gradientX, place.gradientY].map((at) => at / 4 + corner);
    frameWithGradient(scale, floats, planes as [number, number, number], framedWidth);

    const { tau, theta, lambda, innerIterations, outerIterations, medianFiltering } = options;
    const enough = options.epsilon ** 2 * width * height;
    const sums = floats.subarray(place.sums / 4, place.sums / 4 + 4);
    for (let warp = 0; warp < options.warps; warp++) {
      this.#call(
        "warp",
        ...[place.state, place.image, ...planes.map((at) => 4 * at), 4 * framedWidth],
        ...[width, height, 4 * width, row],
      );
      let change = Infinity;
      for (let outer = 0; outer < outerIterations && change > enough; outer++) {
        if (medianFiltering > 0) {
          for (const field of [fields.u, fields.v]) {
            const at = place.state + field;
            this.#call("spread", at, groups, height, place.plane, pitch, width);
            this.#call(`median${medianFiltering}`, at, groups, height, place.plane, pitch, place.inside);
          }
        }
        for (let inner = 0; inner < innerIterations && change > enough; inner++) {
          this.#call(
            "iterate",
            ...[place.state, groups, height, theta, tau / theta, lambda * theta, place.inner, place.sums],
          );
          change = sums[0]! + sums[1]! + sums[2]! + sums[3]!;
        }
      }
    }
    moveFlow(scale, floats, place.state / 4, "out");
  }

  #call(name: string, ...args: number[]): void {
    this.#routines[name]!(...args);
  }

  /** Places of so many bytes each, by name. */
  #places<Name extends string>(bytes: Readonly<Record<Name, number>>): Record<Name, number> {
    const places = {} as Record<Name, number>;
    let end = 16;
    for (const name of Object.keys(bytes) as Name[]) {
      places[name] = end;
      end += Math.ceil(bytes[name] / 16) * 16;
    }
    const page = 65536, missing = end - this.#memory.buffer.byteLength;
    if (missing > 0) this.#memory.grow(Math.ceil(missing / page));
    return places;
  }
}

/** Between planes and groups of four pixels. */
function moveFlow({ width, height, u, v }: Scale, floats: Float32Array, state: number, way: "in" | "out") {
  const group = groupBytes / 4, groups = Math.ceil(width / 4), second = fields.v / 4;
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const at = state + (y * groups + (x >> 2)) * group + (x & 3);
      if (way === "in") {
        floats[at] = u[i]!;
        floats[at + second] = v[i]!;
      } else {
        u[i] = floats[at]!;
        v[i] = floats[at + second]!;
      }
    }
  }
}

/** The second image and its gradient, each in its frame of zeros. Central differences; half the one-sided ones at the border. */
function frameWithGradient(
  { width, height, to }: Scale,
  floats: Float32Array,
  [image, gradientX, gradientY]: readonly [number, number, number],
  framedWidth: number,
): void {
  for (let y = 0; y < height; y++) {
    const above = Math.max(0, y - 1) * width, below = Math.min(height - 1, y + 1) * width;
    for (let x = 0; x < width; x++) {
      const at = y * framedWidth + x, line = y * width;
      floats[image + at] = to[line + x]!;
      floats[gradientX + at] = 0.5 *
        (to[line + Math.min(width - 1, x + 1)]! - to[line + Math.max(0, x - 1)]!);
      floats[gradientY + at] = 0.5 * (to[below + x]! - to[above + x]!);
    }
  }
}
