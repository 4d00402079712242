import { assemble } from "../../engine/assemble.ts";
import { type BlockGrid, edges, partOf } from "./_grid.ts";
import {
  ahead,
  countRoutine,
  interpolateRoutine,
  type Layout,
  type Offset,
  split,
  spreadRoutine,
} from "./_pattern_routine.ts";
import type { Bins } from "./_uniform.ts";

/** Neighbours of a pixel that are compared with it, at most eight, and the bins of their codes. Bit p of a code is set where neighbour p is as large as the pixel or larger. */
export interface Pattern {
  readonly offsets: readonly Offset[];
  readonly bins: Bins;
}

type Routines = Readonly<Record<string, (...args: number[]) => void>>;

/**
 * Histograms of local binary patterns over the blocks of a grey clip. For a shape and a set of patterns the code is generated once, with every distance a
 * constant: WebAssembly that takes sixteen pixels at a time, image row by image row through all frames, so that what it reads stays in the cache. Codes
 * are counted as they are, and become bins at the end.
 */
export class PatternHistograms {
  readonly #layout: Layout;
  readonly #patterns: readonly Pattern[];
  readonly #grid: BlockGrid;
  readonly #memory: WebAssembly.Memory;
  readonly #routines: Routines;
  /** How many image rows lie in the memory as floats. */
  readonly #kept: number;

  /**
   * @param shape T, h, w.
   * @param margin How far neighbours lie at most; pixels nearer to a border have no code.
   */
  constructor(
    shape: readonly [number, number, number],
    margin: Layout["margin"],
    patterns: readonly Pattern[],
    grid: BlockGrid,
  ) {
    const [frames, height, width] = shape;
    this.#patterns = patterns;
    this.#grid = grid;
    const needs = patterns.flatMap(({ offsets }) => offsets).map(ahead);
    const rests = new Set(needs.flatMap((need) => need?.axis === "x" ? [need.rest] : []));
    const places = new Set(needs.flatMap((need) => need?.axis === "y" ? [need.place] : []));
    const rowStride = Math.ceil(width / 4) * 4, slabStride = frames * rowStride + 80;
    let end = 64;
    const take = (bytes: number) => {
      const at = end;
      end += Math.ceil((bytes + 256) / 16) * 16; // sixteen pixels are read at a time, beyond the end too
      return at;
    };
    const codes = take(16 * patterns.length),
      table = take(16 * 64),
      constants = new Map<string, Uint8Array>();
    const columns = take(4 * (width + 16)), times = take(4 * frames);
    const blocks = grid.rows * grid.times * (grid.columns + 1);
    const most = Math.max(...patterns.map(({ offsets }) => offsets.length));
    const counts = patterns.map(() => take(4 * blocks * 2 ** most));
    const bytes = take(frames * height * width), kept = Math.min(height, 4 * margin.y + 4);
    this.#kept = kept;
    const volume = take(4 * kept * slabStride);
    this.#layout = {
      constant: (value) => {
        const bytes = new Uint8Array(value.buffer), key = bytes.join();
        if (!constants.has(key)) constants.set(key, bytes);
        return table + 16 * [...constants.keys()].indexOf(key);
      },
      ...{
        frames,
        height,
        width,
        margin,
        rowStride,
        slabStride,
        bytes,
        volume,
        columns,
        times,
        counts,
        codes,
      },
      alongX: new Map([...rests].map((rest) => [rest, take(4 * kept * slabStride)])),
      alongY: new Map([...places].map((place) => [place, take(4 * slabStride)])),
    };
    const module = assemble({
      spread: spreadRoutine(this.#layout),
      count: countRoutine(this.#layout, patterns.map(({ offsets }) => offsets)),
      ...Object.fromEntries(
        [...rests].map((rest) => [`x${rest}`, interpolateRoutine(this.#layout, 4, rest)]),
      ),
      ...Object.fromEntries(
        [...places].map((
          place,
        ) => [`y${place}`, interpolateRoutine(this.#layout, 4 * slabStride, split(place).rest)]),
      ),
    });
    this.#memory = new WebAssembly.Memory({ initial: Math.ceil(end / 65536) });
    [...constants.values()].forEach((bytes, i) =>
      new Uint8Array(this.#memory.buffer).set(bytes, table + 16 * i)
    );
    this.#routines = new WebAssembly.Instance(new WebAssembly.Module(module), {
      env: { memory: this.#memory },
    }).exports as Routines;
    this.#writeTables();
  }

  /** Bytes of one block's counts. Patterns lie apart, but a block is at the same offset in all: as many codes as the largest has. */
  get #blockBytes(): number {
    return 4 * 2 ** Math.max(...this.#patterns.map(({ offsets }) => offsets.length));
  }

  #writeTables(): void {
    const { frames, width, margin, columns: table, times: when } = this.#layout;
    const { columns, times } = this.#grid, whole = new Int32Array(this.#memory.buffer);
    const across = partOf(width - 2 * margin.x, columns), along = partOf(frames - 2 * margin.t, times);
    for (let x = 0; x < width + 16; x++) { // what is computed beyond the last pixel is counted in a block of its own
      whole[table / 4 + x] = this.#blockBytes * (across[x - margin.x] ?? columns);
    }
    along.forEach((part, t) => whole[when / 4 + t] = this.#blockBytes * (columns + 1) * part);
  }

  /**
   * The histograms of a clip, each divided by the number of its pixels: by block row, block column, time, pattern, bin.
   *
   * @param pixels T x h x w values 0..255.
   */
  describe(pixels: Uint8Array): Float32Array {
    const { height, width, slabStride, bytes, volume, alongX, alongY, counts, margin, rowStride } =
      this.#layout;
    const { rows, columns, times } = this.#grid, slab = 4 * slabStride;
    const memory = new Uint8Array(this.#memory.buffer);
    memory.set(pixels, bytes);
    const blockRow = this.#blockBytes * (columns + 1) * times;
    for (const start of counts) memory.fill(0, start, start + blockRow * rows);
    const inner = height - 2 * margin.y, down = partOf(inner, rows);
    const first = 4 * (margin.t * rowStride + margin.x), firstByte = margin.t * height * width + margin.x;
    // Few image rows are kept as floats, so that they stay in the cache: when their place is full, those still needed move to its start.
    for (let y = margin.y, ready = 0, gone = 0; y < height - margin.y; y++) {
      for (; ready <= y + margin.y; ready++) { // just before they are read
        if (ready - gone === this.#kept) {
          const move = (y - margin.y - gone) * slab, end = (ready - gone) * slab;
          for (const at of [volume, ...alongX.values()]) memory.copyWithin(at, at + move, at + end);
          gone = y - margin.y;
        }
        const from = (ready - gone) * slab;
        this.#routines.spread!(bytes + ready * width, volume + from);
        for (const [rest, target] of alongX) this.#routines[`x${rest}`]!(volume + from, slab, target + from);
      }
      for (const [place, target] of alongY) {
        this.#routines[`y${place}`]!(volume + (y - gone + split(place).whole) * slab, slab, target);
      }
      this.#routines.count!(
        volume + (y - gone) * slab + first,
        bytes + y * width + firstByte,
        blockRow * down[y - margin.y]!,
      );
    }
    return this.#collect();
  }

  #collect(): Float32Array {
    const { counts, margin, frames, height, width } = this.#layout, { rows, columns, times } = this.#grid;
    const whole = new Int32Array(this.#memory.buffer), stride = this.#blockBytes / 4;
    const down = edges(height - 2 * margin.y, rows), across = edges(width - 2 * margin.x, columns);
    const along = edges(frames - 2 * margin.t, times);
    const length = this.#patterns.reduce((sum, { bins }) => sum + bins.count, 0);
    const out = new Float32Array(rows * columns * times * length);
    const sums = new Int32Array(Math.max(...this.#patterns.map(({ bins }) => bins.count)));
    let to = 0;
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        for (let k = 0; k < times; k++) {
          const pixels = (down[i + 1]! - down[i]!) * (across[j + 1]! - across[j]!) *
            (along[k + 1]! - along[k]!);
          for (const [p, { bins }] of this.#patterns.entries()) {
            const from = counts[p]! / 4 + stride * ((i * times + k) * (columns + 1) + j),
              { of, count } = bins;
            sums.fill(0);
            for (let code = 0; code < of.length; code++) sums[of[code]!]! += whole[from + code]!;
            for (let bin = 0; bin < count; bin++) out[to++] = sums[bin]! / pixels;
          }
        }
      }
    }
    return out;
  }
}
