import * as tf from "@tensorflow/tfjs";
import type { StreamMaps } from "../models/mod.ts";
import { createHash } from "node:crypto";
import { UserError } from "../types.ts";
import { storageError, writeWhole } from "./write_whole.ts";

interface Layout {
  readonly count: number;
  /** SHA-256 of maps.f32. */
  readonly sha256: string;
  /** Shapes without the batch: (h', w', C') and (T, h', w', C'). */
  readonly apexMap?: number[];
  readonly frameMaps?: number[];
}

/**
 * What a frozen MaNet makes of each macro clip, kept on disk: maps.json, and maps.f32 with the float32 values of one
 * clip after the other (f^A, then f^1 ... f^T). Only the clips of a batch are read, so memory does not grow with them.
 */
export class MacroMaps {
  /** How many clips there are, copies included. */
  readonly count: number;
  readonly #layout: Layout;
  readonly #file: Deno.FsFile;
  readonly #onTake: (index: number, sha256: string) => void;

  private constructor(layout: Layout, file: Deno.FsFile, onTake: (index: number, sha256: string) => void) {
    this.count = layout.count;
    this.#layout = layout;
    this.#file = file;
    this.#onTake = onTake;
  }

  /** Computes the maps (n = 1) of `count` clips and writes them into a folder. */
  static async write(folder: string, count: number, mapsOf: (index: number) => StreamMaps): Promise<void> {
    const aside = `${folder}/maps.f32.partial`;
    const file = await create(aside);
    let layout: Layout = { count, sha256: "" };
    const hash = createHash("sha256");
    try {
      for (let i = 0; i < count; i++) {
        const { apexMap, frameMaps } = mapsOf(i);
        layout = {
          ...layout,
          ...(apexMap ? { apexMap: apexMap.shape.slice(1) } : {}),
          ...(frameMaps ? { frameMaps: frameMaps.shape.slice(1) } : {}),
        };
        for (const map of [apexMap, frameMaps]) {
          if (!map) continue;
          const bytes = new Uint8Array((map.dataSync() as Float32Array).slice().buffer);
          hash.update(bytes);
          await writeAll(file, bytes).catch((error) => {
            throw storageError(`${folder}/maps.f32`, error);
          });
          map.dispose();
        }
      }
      await file.syncData();
    } finally {
      file.close();
    }
    await Deno.rename(aside, `${folder}/maps.f32`);
    await writeWhole(`${folder}/maps.json`, JSON.stringify({ ...layout, sha256: hash.digest("hex") }));
  }

  /**
   * Opens what `write` wrote; close it.
   *
   * @param onTake Hears of every clip whose maps are taken, with the SHA-256 of maps.f32.
   */
  static async open(
    folder: string,
    onTake: (index: number, sha256: string) => void = () => {},
  ): Promise<MacroMaps> {
    try {
      const layout = JSON.parse(await Deno.readTextFile(`${folder}/maps.json`)) as Layout;
      return new MacroMaps(layout, await Deno.open(`${folder}/maps.f32`), onTake);
    } catch {
      throw new UserError(
        `Cannot guide MiNet: ${folder}/maps.json or maps.f32 is missing or broken; remove ${folder} and run again with --resume.`,
      );
    }
  }

  /** The maps of clips as one batch; the caller disposes them. */
  batch(indices: readonly number[]): StreamMaps {
    const { apexMap, frameMaps } = this.#layout;
    const sizes = [apexMap, frameMaps].map((shape) => shape ? shape.reduce((a, b) => a * b, 1) : 0) as [
      number,
      number,
    ];
    const values = sizes.map((size) => new Float32Array(indices.length * size)) as [
      Float32Array,
      Float32Array,
    ];
    const clip = new Float32Array(sizes[0] + sizes[1]);
    indices.forEach((index, i) => {
      this.#onTake(index, this.#layout.sha256);
      this.#file.seekSync(index * clip.byteLength, Deno.SeekMode.Start);
      readAll(this.#file, new Uint8Array(clip.buffer));
      values[0].set(clip.subarray(0, sizes[0]), i * sizes[0]);
      values[1].set(clip.subarray(sizes[0]), i * sizes[1]);
    });
    const n = indices.length;
    return {
      ...(apexMap
        ? { apexMap: tf.tensor4d(values[0], [n, ...apexMap] as [number, number, number, number]) }
        : {}),
      ...(frameMaps
        ? { frameMaps: tf.tensor5d(values[1], [n, ...frameMaps] as [number, number, number, number, number]) }
        : {}),
    };
  }

  /** Closes the file. */
  close(): void {
    this.#file.close();
  }
}

async function create(file: string): Promise<Deno.FsFile> {
  try {
    await Deno.mkdir(file.slice(0, file.lastIndexOf("/")), { recursive: true });
    return await Deno.open(file, { write: true, create: true, truncate: true });
  } catch (error) {
    throw storageError(file, error);
  }
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length;) done += await file.write(bytes.subarray(done));
}

function readAll(file: Deno.FsFile, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) {
    const read = file.readSync(bytes.subarray(done));
    if (read === null) {
      throw new UserError(
        "Cannot guide MiNet: maps.f32 ends too soon; remove its folder and run again with --resume.",
      );
    }
    done += read;
  }
}
