import { assemble } from "../../engine/assemble.ts";
import { type Header, type HuffmanSpec, readHeader } from "./_header.ts";
import { layTable, tableBytes } from "./_huffman.ts";
import { layLists } from "./_lists_routine.ts";
import { paint, rowBytes } from "./_paint_routine.ts";
import { layConstants } from "./_constants.ts";
import {
  blockBytes,
  blockFields,
  quantisationEntries,
  scan,
  scratchAt,
  scratchBytes,
} from "./_scan_routine.ts";
import { type Stream, streamOf, unstuff } from "./_stream.ts";

/** A rectangle of a frame, whole pixels. */
export interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A part of a decoded picture. */
export interface DecodedPart {
  readonly width: number;
  readonly height: number;
  /** 1 for a grey file, 3 for RGB. */
  readonly channels: 1 | 3;
  /** In memory that the next call uses again. */
  readonly pixels: Uint8Array;
}

// Where things lie in the memory; what depends on the picture comes after these.
const place = {
  result: 64,
  last: 80,
  blocks: 128,
  quantisations: 1024,
  tables: 4096,
};
const afterTables = place.tables + 4 * tableBytes;
/** More than the bits of one minimum coded unit, six blocks of 64 times 27 bits, in bytes. */
const beyondStream = 2048;
/** Room for a frame of 640 x 480. */
const leastBytes = 1 << 22;

/** Where coefficient k of the zigzag lies in a block. */
const zigzag = (() => {
  const order: number[] = [];
  for (let sum = 0; sum < 15; sum++) {
    for (let i = Math.max(0, sum - 7); i <= Math.min(sum, 7); i++) {
      order.push(sum % 2 === 0 ? (sum - i) * 8 + i : i * 8 + (sum - i));
    }
  }
  return order;
})();

interface Machine {
  readonly memory: WebAssembly.Memory;
  readonly scan: (...args: number[]) => void;
  readonly paint: (...args: number[]) => void;
  readonly unstuff: (...args: number[]) => void;
  readonly layLists: (...args: number[]) => void;
  /** The Huffman tables that lie in the memory: a database's frames have the same ones mostly. */
  readonly laid: ({ readonly spec: HuffmanSpec; readonly ac: boolean } | undefined)[];
}
let machine: Machine | undefined;

/** The routines over a memory of at least so many bytes. Its size is fixed, which spares them half of their checks; a larger picture gets a new one, twice as large at least. */
function machineFor(bytes: number): Machine {
  if (machine !== undefined && bytes <= machine.memory.buffer.byteLength) return machine;
  const pages = 2 ** Math.ceil(Math.log2(Math.max(bytes, leastBytes) / 65536));
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  const module = new WebAssembly.Module(assemble({ scan, paint, unstuff, layLists }, pages));
  layConstants(memory.buffer);
  const routines = new WebAssembly.Instance(module, { env: { memory } }).exports;
  return machine = { memory, laid: [], ...routines } as unknown as Machine;
}

/**
 * Decodes a part of a JPEG: all codes down to its last row, but pixels only of the part, in WebAssembly. The pixels are those of libjpeg (and so of sharp) bit for bit: its accurate
 * transform, its smooth colour.
 *
 * Undefined where the file is not a flawless one of the common kind (one scan of 8-bit baseline, grey or YCbCr with colour in full, halved across or halved both ways, no
 * colour profile): then another decoder has to read it, or to say what is wrong with it.
 *
 * @param part Within the frame; the whole frame if left out.
 */
export function decodeJpeg(bytes: Uint8Array, part?: Rectangle): DecodedPart | undefined {
  const header = readHeader(bytes);
  if (header === undefined) return undefined;
  const { width, height } = header, region = part ?? { left: 0, top: 0, width, height };
  if (region.left + region.width > width || region.top + region.height > height) return undefined;
  const data = bytes.subarray(header.data);
  const layout = layOut(header, region, data.length), machine = machineFor(layout.end);
  if (!layTables(machine, header)) return undefined;
  const stream = streamOf(data, layout.raw, layout.stream, place.result, machine);
  if (stream === undefined || !readScan(machine, header, layout, stream)) return undefined;
  return header.components.length === 1
    ? { width: region.width, height: region.height, channels: 1, pixels: takeGrey(machine, layout, region) }
    : {
      width: region.width,
      height: region.height,
      channels: 3,
      pixels: takeColour(machine, header, layout, region),
    };
}

/** What lies where for one picture. Planes hold the units of the window only. */
interface Layout {
  readonly unitsAcross: number;
  readonly unitsDown: number;
  readonly window: {
    readonly left: number;
    readonly right: number;
    readonly top: number;
    readonly bottom: number;
  };
  /** The coded data as in the file, and where they end without stuffing, backwards. */
  readonly raw: number;
  readonly stream: number;
  readonly planes: readonly { readonly at: number; readonly stride: number }[];
  readonly rows: number;
  readonly sums: number;
  readonly colours: number;
  readonly between: number;
  readonly out: number;
  readonly end: number;
}

function layOut({ width, height, components }: Header, region: Rectangle, length: number): Layout {
  const luma = components[0]!, unitWidth = 8 * luma.across, unitHeight = 8 * luma.down;
  const unitsAcross = Math.ceil(width / unitWidth), unitsDown = Math.ceil(height / unitHeight);
  // Smooth colour looks at the neighbour, two pixels away.
  const [marginX, marginY] = [luma.across === 2 ? 2 : 0, luma.down === 2 ? 2 : 0];
  const window = {
    left: Math.floor(Math.max(0, region.left - marginX) / unitWidth),
    right: Math.min(unitsAcross, Math.floor((region.left + region.width - 1 + marginX) / unitWidth) + 1),
    top: Math.floor(Math.max(0, region.top - marginY) / unitHeight),
    bottom: Math.min(unitsDown, Math.floor((region.top + region.height - 1 + marginY) / unitHeight) + 1),
  };
  let end = afterTables;
  const take = (bytes: number) => {
    const at = end;
    end += (bytes + 15) & ~15;
    return at;
  };
  const raw = take(length + 16), stream = take(length + beyondStream) + length + beyondStream;
  const planes = components.map(({ across, down }) => {
    const stride = (window.right - window.left) * across * 8;
    return { at: take((window.bottom - window.top) * down * 8 * stride + 32), stride };
  });
  const rows = take(rowBytes * region.height);
  const sums = take(2 * region.width + 96) + 32; // one before the first
  const between = (4 * region.width + 160) & ~15, colours = take(2 * between);
  const out = take(3 * region.width * region.height + 64);
  return { unitsAcross, unitsDown, window, raw, stream, planes, rows, sums, colours, between, out, end };
}

function layTables({ memory: { buffer }, laid, layLists }: Machine, { components }: Header): boolean {
  const specs: HuffmanSpec[] = [];
  const addressOf = (spec: HuffmanSpec, ac: boolean) => {
    const known = specs.indexOf(spec), i = known < 0 ? specs.push(spec) - 1 : known;
    const at = place.tables + i * tableBytes, old = laid[i];
    if (known >= 0 || (old?.ac === ac && isSame(old.spec, spec))) return at;
    laid[i] = undefined;
    if (!layTable(spec, new Int32Array(buffer, at, tableBytes / 4), ac)) return undefined;
    layLists(at, Number(ac));
    laid[i] = { spec: { counts: spec.counts.slice(), symbols: spec.symbols.slice() }, ac };
    return at;
  };
  const words = new Int32Array(buffer);
  let block = place.blocks;
  for (const [i, { across, down, quantisation, dc, ac }] of components.entries()) {
    const at = place.quantisations + 4 * quantisationEntries * i;
    const entries = new Int32Array(buffer, at, quantisationEntries);
    entries.fill(2 * 64 << 16);
    quantisation.forEach((q, k) => entries[k] = 2 * zigzag[k]! << 16 | q);
    const dcAt = addressOf(dc, false), acAt = addressOf(ac, true);
    if (dcAt === undefined || acAt === undefined) return false;
    for (let k = 0; k < across * down; k++, block += blockBytes) {
      words[(block + blockFields.dc) / 4] = dcAt;
      words[(block + blockFields.ac) / 4] = acAt;
      words[(block + blockFields.quantisation) / 4] = at;
      words[(block + blockFields.last) / 4] = place.last + 4 * i;
    }
  }
  return true;
}

function isSame(a: HuffmanSpec, b: HuffmanSpec): boolean {
  return a.symbols.length === b.symbols.length && a.counts.every((n, i) => n === b.counts[i]) &&
    a.symbols.every((symbol, i) => symbol === b.symbols[i]);
}

/** Reads the units down to the window's last row; false if a code is unknown or the data end too soon. */
function readScan(
  machine: Machine,
  { components, restart }: Header,
  layout: Layout,
  stream: Stream,
): boolean {
  const { memory: { buffer } } = machine, { window, unitsAcross, unitsDown } = layout;
  const words = new Int32Array(buffer);
  let block = place.blocks;
  for (const [i, { across, down }] of components.entries()) {
    const { at, stride } = layout.planes[i]!;
    for (let k = 0; k < across * down; k++, block += blockBytes) {
      words[(block + blockFields.plane) / 4] = at + Math.floor(k / across) * 8 * stride + k % across * 8;
      words[(block + blockFields.stride) / 4] = stride;
      words[(block + blockFields.across) / 4] = across * 8;
      words[(block + blockFields.down) / 4] = down * 8 * stride;
    }
  }
  new Uint8Array(buffer, layout.stream - stream.length - beyondStream, beyondStream).fill(0);
  new Uint8Array(buffer, scratchAt, scratchBytes).fill(0);
  const units = unitsAcross * unitsDown, needed = unitsAcross * window.bottom;
  const each = restart === 0 ? units : restart;
  if (stream.starts.length !== Math.ceil(units / each)) return false;
  for (let first = 0, k = 0; first < needed; first += each, k++) {
    const count = Math.min(each, needed - first), end = 8 * (stream.starts[k + 1] ?? stream.length);
    words.fill(0, place.last / 4, place.last / 4 + 3);
    machine.scan(
      ...[layout.stream, 8 * stream.starts[k]!, end, count, first % unitsAcross],
      ...[Math.floor(first / unitsAcross), unitsAcross, window.left, window.right, window.top, window.bottom],
      ...[place.blocks, block, place.result],
    );
    const next = words[place.result / 4]!, bad = words[place.result / 4 + 1]!;
    // What was read in whole ends within the last byte.
    const whole = count === Math.min(each, units - first);
    if (bad !== 0 || (whole && end - next >= 8)) return false;
  }
  return true;
}

function takeGrey(
  { memory: { buffer } }: Machine,
  { window, planes }: Layout,
  region: Rectangle,
): Uint8Array {
  const { at, stride } = planes[0]!, pixels = new Uint8Array(region.width * region.height);
  const from = at + (region.top - 8 * window.top) * stride + region.left - 8 * window.left;
  for (let y = 0; y < region.height; y++) {
    pixels.set(new Uint8Array(buffer, from + y * stride, region.width), y * region.width);
  }
  return pixels;
}

function takeColour(machine: Machine, header: Header, layout: Layout, region: Rectangle): Uint8Array {
  const { memory: { buffer } } = machine, { planes, window, sums, colours, between, out } = layout;
  const [luma, chroma, other] = planes as [Layout["planes"][0], Layout["planes"][0], Layout["planes"][0]];
  const { across, down } = header.components[0]!;
  const across2 = across === 2, down2 = down === 2;
  const columns = Math.ceil(header.width / across), lastRow = Math.ceil(header.height / down) - 1;
  const { left, top, width, height } = region;
  const first = across2 ? Math.max(0, (left >> 1) - 1) : left;
  const last = across2 ? Math.min(columns - 1, ((left + width - 1) >> 1) + 1) : left + width - 1;
  const lumaAt = luma.at + left - 8 * across * window.left, chromaAt = chroma.at + first - 8 * window.left;
  const rows = new Int32Array(buffer, layout.rows, 3 * height);
  for (let y = top, i = 0; y < top + height; y++) {
    const near = down2 ? y >> 1 : y,
      far = down2 ? Math.max(0, Math.min(lastRow, near + (y & 1 ? 1 : -1))) : y;
    rows[i++] = lumaAt + (y - 8 * down * window.top) * luma.stride;
    rows[i++] = chromaAt + (near - 8 * window.top) * chroma.stride;
    rows[i++] = chromaAt + (far - 8 * window.top) * chroma.stride;
  }
  const [atLeft, atRight] = [across2 && first === 0, across2 && last === columns - 1];
  const past = sums + 2 * (last - first + 1);
  machine.paint(
    ...[
      layout.rows,
      layout.rows + rowBytes * height,
      other.at - chroma.at,
      last - first + 1,
      Number(across2),
    ],
    ...(down2 ? [8, 7] : [4, 8]), // libjpeg rounds so
    ...[sums, colours, between],
    // Beyond the picture the last colour goes on.
    ...(atLeft ? [sums - 2, sums] : [0, 0]),
    ...(atRight ? [past, past - 2] : [0, 0]),
    ...[across2 ? 2 * (left - 2 * first) : 0, width, out],
  );
  return new Uint8Array(buffer, out, 3 * width * height);
}
