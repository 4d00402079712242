import { assemble } from "../../engine/assemble.ts";
import { type BlockGrid, edges, partOf } from "./_grid.ts";
import { countRoutine, type Layout, type Offset, pairOf } from "./_pattern_routine.ts";
import type { Bins } from "./_uniform.ts";

/** Neighbours of a pixel that are compared with it, at most eight, and the bins of their codes. Bit p of a code is set where neighbour p is as large as the pixel or larger. */
export interface Pattern {
  readonly offsets: readonly Offset[];
  readonly bins: Bins;
}

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
  readonly #count: (bytes: number, blocks: number) => void;

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
    const pairs = new Set(patterns.flatMap(({ offsets }) => offsets.flatMap((o) => pairOf(o)?.name ?? [])));
    const rowStride = Math.ceil(width / 16) * 16;
    let end = 64;
    const take = (bytes: number) => {
      const at = end;
      end += Math.ceil((bytes + 256) / 16) * 16; // sixteen pixels are read at a time, beyond the end too
      return at;
    };
    const places = take(64 * patterns.length), table = take(16 * 256);
    const constants = new Map<string, Uint8Array>();
    const columns = take(4 * (width + 16)), times = take(4 * frames);
    const blocks = grid.rows * grid.times * (grid.columns + 1);
    const most = Math.max(...patterns.map(({ offsets }) => offsets.length));
    this.#layout = {
      constant: (value) => {
        const bytes = new Uint8Array(value.buffer), key = bytes.join();
        if (!constants.has(key)) constants.set(key, bytes);
        return table + 16 * [...constants.keys()].indexOf(key);
      },
      ...{ frames, height, width, margin, rowStride, columns, times, places },
      counts: patterns.map(() => take(4 * blocks * 2 ** most)),
      bytes: take(frames * height * width + width), // a pair below the last image row is read, and weighs nothing
      pairs: new Map([...pairs].map((name) => [name, take(4 * frames * rowStride)])),
    };
    const pages = Math.ceil(end / 65536);
    const offsets = patterns.map(({ offsets }) => offsets);
    const module = assemble({ count: countRoutine(this.#layout, offsets) }, pages);
    this.#memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    [...constants.values()].forEach((bytes, i) =>
      new Uint8Array(this.#memory.buffer).set(bytes, table + 16 * i)
    );
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module), {
      env: { memory: this.#memory },
    });
    this.#count = exports.count as (bytes: number, blocks: number) => void;
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
    const { height, width, bytes, counts, margin } = this.#layout;
    const { rows, columns, times } = this.#grid;
    const memory = new Uint8Array(this.#memory.buffer);
    memory.set(pixels, bytes);
    const blockRow = this.#blockBytes * (columns + 1) * times;
    for (const start of counts) memory.fill(0, start, start + blockRow * rows);
    const down = partOf(height - 2 * margin.y, rows);
    down.forEach((part, y) => this.#count(bytes + y * width, blockRow * part));
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
