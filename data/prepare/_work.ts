import { join, relative } from "node:path";
import { UserError } from "../../types.ts";
import type { Placement } from "../faces/align_face.ts";
import type { FaceFinder } from "../faces/face_finder.ts";
import { flowImage, flowPlanes, tvl1Flow } from "../flow/mod.ts";
import { fileFacts, frameNumber } from "../_files.ts";
import { loadSharp } from "../_sharp.ts";
import { interpolateFrames } from "../interpolate_frames.ts";
import { magnifyClip } from "../magnify/magnify_clip.ts";
import { spotApex } from "../spot_apex.ts";
import { sha256 } from "../../sha256.ts";
import { keyOf, sha256OfFile } from "./_digest.ts";
import { eyesOf, type FaceStep, findFaces, placeByCrop, placeByFace } from "./_face_step.ts";
import { npy, npyPieces } from "./_npy.ts";
import { ResultFolder } from "./_folder.ts";
import { makeResampler, type Resampler } from "../resample/make_resampler.ts";
import { type Settings, stepVersions as versions } from "./_settings.ts";
import { frameSizeOf, framesOf } from "../source_frames.ts";
import type { Store } from "./_store.ts";
import type { ClipRecord, Task, Written } from "./_task.ts";
import { writeWhole } from "./_write.ts";

/** How many results each step made anew, for the summary. */
export type Made = Record<"face" | "crop" | "magnify" | "apex" | "clip" | "flow", number>;

/** The most bytes of files that are kept from their checksum to their decoding. */
const mostRead = 64 * 2 ** 20;

/** Does the steps of one clip after the other, each from the store where it is there. */
export class ClipWork {
  readonly #settings: Settings;
  readonly #store: Store;
  readonly #out: ResultFolder;
  readonly #startEngine: () => Promise<unknown>;
  #finder: FaceFinder | undefined;
  /** Files of the clip at work as they were read for their checksums. */
  readonly #read = new Map<string, Uint8Array>();
  #room = new Uint8Array();
  #last: { readonly of: string; readonly resampler: Resampler } | undefined;

  /** @param startEngine Called before the first face is looked for. */
  constructor(settings: Settings, store: Store, out: string, startEngine: () => Promise<unknown>) {
    this.#settings = settings;
    this.#store = store;
    this.#out = new ResultFolder(out);
    this.#startEngine = startEngine;
  }

  /**
   * Makes what is wanted of a clip, its record last.
   *
   * @throws {UserError} one sentence why the clip is left out; {CannotWrite} if nothing can be written.
   */
  async do(task: Task): Promise<{ made: Made; notes: readonly string[] }> {
    const { sample, first, last } = task, { source, onset } = sample;
    const settings = this.#settings, { size, channels } = settings;
    const made: Made = { face: 0, crop: 0, magnify: 0, apex: 0, clip: 0, flow: 0 };
    this.#read.clear();
    const inputs = await this.#inputs(task);
    const hashes = inputs.map(({ sha256 }) => sha256);
    const { placement, face, notes, frame } = await this.#place(task, hashes, made);
    const place = Object.values(placement);
    const turn = source.kind === "video" ? source.turn : 0;
    const cropKey = keyOf("crop", versions.crop, hashes, turn, first, last, place, size, channels);
    const count = last - first + 1, length = size * size * channels;
    const crops = await this.#store.get("crop", cropKey, async () => {
      const { region, apply } = this.#resampler(placement, frame, size);
      const all = this.#crops(count * length);
      let at = 0;
      const known = (file: string) => {
        const bytes = this.#read.get(file);
        this.#read.delete(file);
        return bytes;
      };
      for await (const part of framesOf(source, first, last, frame, region, channels, known)) {
        all.set(apply(part.pixels, channels), length * at++);
      }
      return all;
    });
    made.crop += Number(crops.made);
    const cut = (bytes: Uint8Array) =>
      Array.from({ length: count }, (_, k) => bytes.subarray(k * length, (k + 1) * length));
    const plain = cut(crops.bytes);
    const apex = await this.#apex(
      task,
      cropKey,
      (position) => toGrey(plain[position - first]!, channels),
      made,
    );
    const { bytes, key: framesKey } = await this.#magnified(task, cropKey, crops.bytes, made);
    const frames = bytes === crops.bytes ? plain : cut(bytes);
    const grey = (position: number) => toGrey(frames[position - first]!, channels);
    const outputs: Written[] = [];
    const keep = async (file: string, content: Uint8Array | readonly Uint8Array[], hash?: string) => {
      const pieces = content instanceof Uint8Array ? [content] : content;
      const bytes = pieces.reduce((sum, { length }) => sum + length, 0);
      outputs.push({ file, bytes, sha256: hash ?? sha256(...pieces) });
      await writeWhole(join(this.#out.path, file), ...pieces);
    };
    for (const [k, file] of task.images.entries()) await keep(file, await png(frames[k]!, size, channels));
    if (task.clip !== undefined && settings.clips !== null) {
      const { frames: wanted, interpolation } = settings.clips,
        within = frames.slice(onset - first, sample.offset - first + 1);
      const shape = [wanted, size, size, channels];
      const make = () => interpolateFrames(within, wanted, interpolation);
      if (interpolation === "linear") { // done faster than kept
        made.clip++;
        await keep(task.clip, npyPieces(make(), shape));
      } else {
        const key = keyOf("clip", versions.clip, framesKey, onset, sample.offset, wanted, interpolation);
        const clip = await this.#store.get("clip", key, () => npy(make(), shape));
        made.clip += Number(clip.made);
        await keep(task.clip, clip.bytes, clip.sha256);
      }
    }
    if (task.flow !== undefined && settings.flow !== null) {
      const key = keyOf("flow", versions.flow, framesKey, onset, apex.position);
      const flow = await this.#store.get("flow", key, () => {
        const image = (position: number) => ({
          width: size,
          height: size,
          pixels: Float32Array.from(grey(position)),
        });
        const { u, v } = tvl1Flow(image(onset), image(apex.position));
        const both = new Float32Array(2 * size * size);
        both.set(u);
        both.set(v, size * size);
        return new Uint8Array(both.buffer);
      });
      made.flow += Number(flow.made);
      await keep(task.flow.file, await flowFile(flow.bytes, size, settings.flow));
    }
    const record: ClipRecord = {
      database: sample.database,
      subject: sample.subject,
      clip: sample.clip,
      label: sample.label,
      inputs,
      face,
      placement,
      apex,
      outputs,
      flow: task.flow ?? null,
      notes,
      state: task.state,
    };
    await this.#out.forget(task.record, new Set(outputs.map(({ file }) => file)));
    await writeWhole(join(this.#out.path, task.record), JSON.stringify(record));
    return { made, notes };
  }

  /** Room for the crops of a clip, used again for the next one: the machine takes as long to give fresh memory as to fill it. */
  #crops(bytes: number): Uint8Array {
    if (this.#room.length < bytes) this.#room = new Uint8Array(bytes);
    return this.#room.subarray(0, bytes);
  }

  /** The resampling of a clip; without faces one serves many clips. */
  #resampler(placement: Placement, { width, height }: { width: number; height: number }, size: number) {
    const of = JSON.stringify([placement, width, height]);
    if (this.#last?.of !== of) this.#last = { of, resampler: makeResampler(placement, width, height, size) };
    return this.#last.resampler;
  }

  /** The SHA-256 of every frame, or of the video; remembered by path, size and time. */
  async #inputs({ sample: { source }, root, first, last }: Task): Promise<ClipRecord["inputs"]> {
    const files = source.kind === "video" ? [source.file] : source.files.slice(first, last + 1);
    const facts = files.map((file) => [file, ...fileFacts(file)]);
    const { value } = await this.#store.getJson<string[]>("input", keyOf("input", facts), () => {
      let read = 0;
      return files.map((file) => {
        try {
          if (source.kind === "video") return sha256OfFile(file);
          const bytes = Deno.readFileSync(file);
          read += bytes.length;
          if (bytes.length > 0 && read <= mostRead) this.#read.set(file, bytes);
          return sha256(bytes);
        } catch {
          return "missing"; // told when it is decoded
        }
      });
    });
    return files.map((file, i) => ({ file: relative(root, file).replaceAll("\\", "/"), sha256: value[i]! }));
  }

  /** Where the crop lies in the frames, and by which face. */
  async #place(task: Task, hashes: readonly string[], made: Made): Promise<
    {
      placement: Placement;
      face: ClipRecord["face"];
      notes: readonly string[];
      frame: { width: number; height: number };
    }
  > {
    const { align, size } = this.#settings, { source, onset } = task.sample;
    const name = source.kind === "video" ? `${onset} of ${source.file}` : source.files[onset]!;
    const of = source.kind === "video" ? [hashes[0], onset, source.turn] : [hashes[onset - task.first]];
    const { value, made: anew } = await this.#store.getJson<FaceStep>(
      "face",
      keyOf("face", versions.face, align.kind, of),
      async () => {
        if (align.kind === "none") {
          const { width, height } = await frameSizeOf(source, onset);
          return { width, height, turned: 0, faces: [] };
        }
        if (this.#finder === undefined) {
          await this.#startEngine();
          const { openFaceFinder } = await import("../faces/face_finder.ts");
          this.#finder = await openFaceFinder();
        }
        return await findFaces(this.#finder, source, onset);
      },
    );
    made.face += Number(anew);
    const frame = { width: value.width, height: value.height };
    if (align.kind === "none") {
      return { placement: placeByCrop(frame.width, frame.height, align, size), face: null, notes: [], frame };
    }
    const { placement, face, notes } = placeByFace(value, align, size, name);
    return { placement, face: { score: face.score, turned: value.turned, eyes: eyesOf(face) }, notes, frame };
  }

  /** The frames with their motion magnified, or as they are. */
  async #magnified(
    { sample, first, last }: Task,
    key: string,
    bytes: Uint8Array,
    made: Made,
  ): Promise<{ bytes: Uint8Array; key: string }> {
    const { magnify, size, channels } = this.#settings, count = last - first + 1;
    if (magnify === null) return { bytes, key };
    const from = { pixels: bytes, shape: [count, size, size, channels] as const };
    const own = keyOf("magnify", versions.magnify, key, sample.fps, magnify);
    const result = await this.#store.get("magnify", own, () => {
      try {
        // Uint8ClampedArray rounds and keeps within 0..255.
        return new Uint8Array(
          Uint8ClampedArray.from(magnifyClip(from, { ...magnify, fps: sample.fps })).buffer,
        );
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        throw new UserError(`its motion cannot be magnified: ${error.message}; change the band of --magnify`);
      }
    });
    made.magnify += Number(result.made);
    return { bytes: result.bytes, key: own };
  }

  /** The coded apex, or the spotted one where the settings want it. */
  async #apex(
    task: Task,
    cropKey: string,
    grey: (position: number) => Uint8Array,
    made: Made,
  ): Promise<ClipRecord["apex"]> {
    const { sample: { source, onset, apex, offset, apexOrigin } } = task;
    const numbered = (position: number) =>
      source.kind === "video" ? position + 1 : frameNumber(source.files[position]!) ?? position;
    const { spot, size } = this.#settings;
    if (spot === "none" || (spot === "missing" && apexOrigin === "coded")) {
      return { position: apex, frame: numbered(apex), origin: apexOrigin };
    }
    const { value, made: anew } = await this.#store.getJson<number>(
      "apex",
      keyOf("apex", versions.apex, cropKey, onset, offset),
      () => {
        const frames = Array.from({ length: offset - onset + 1 }, (_, t) => grey(onset + t));
        return onset + spotApex(frames, size).apex;
      },
    );
    made.apex += Number(anew);
    return { position: value, frame: numbered(value), origin: "spotted" };
  }
}

/** Rec. 601 luma of 8-bit RGB. */
function toGrey(pixels: Uint8Array, channels: 1 | 3): Uint8Array {
  if (channels === 1) return pixels;
  const out = new Uint8Array(pixels.length / 3);
  for (let i = 0, k = 0; i < out.length; i++, k += 3) {
    out[i] = 0.299 * pixels[k]! + 0.587 * pixels[k + 1]! + 0.114 * pixels[k + 2]! + 0.5;
  }
  return out;
}

async function png(pixels: Uint8Array, side: number, channels: 1 | 3): Promise<Uint8Array> {
  const image = (await loadSharp())(pixels, { raw: { width: side, height: side, channels } });
  return new Uint8Array(await image.toColourspace(channels === 1 ? "b-w" : "srgb").png().toBuffer());
}

/** u and v of a crop as a flow picture or as float planes side x side x (u, v, strain). */
async function flowFile(
  bytes: Uint8Array,
  side: number,
  { format, size }: NonNullable<Settings["flow"]>,
): Promise<Uint8Array> {
  const values = new Float32Array(bytes.slice().buffer), count = side * side;
  const flow = { width: side, height: side, u: values.subarray(0, count), v: values.subarray(count) };
  if (format === "png") return await png(flowImage(flow, { size }).pixels, size, 3);
  const { u, v, strain } = flowPlanes(flow, { size });
  return npy(
    Float32Array.from({ length: 3 * size * size }, (_, i) => [u, v, strain][i % 3]![Math.floor(i / 3)]!),
    [size, size, 3],
  );
}
