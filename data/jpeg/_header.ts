/** A component (luma or one of the two of colour) of a frame. */
export interface Component {
  /** Sampling factors: blocks of 8 x 8 in a minimum coded unit. */
  readonly across: number;
  readonly down: number;
  /** The quantisation table, in zigzag order. */
  readonly quantisation: Uint16Array;
  readonly dc: HuffmanSpec;
  readonly ac: HuffmanSpec;
}

/** A Huffman table as a file holds it: how many codes each length 1..16 has, and their symbols. */
export interface HuffmanSpec {
  readonly counts: Uint8Array;
  readonly symbols: Uint8Array;
}

/** A baseline JPEG with one scan. */
export interface Header {
  readonly width: number;
  readonly height: number;
  readonly components: readonly Component[];
  /** Minimum coded units between restarts; 0 for none. */
  readonly restart: number;
  /** Where the coded data begin. */
  readonly data: number;
}

/** Larger pictures are left to the other decoder, so that the memory here stays small. */
const mostPixels = 1 << 24;

/**
 * Reads a JPEG up to the coded data (ITU-T T.81, B.2). Undefined for everything but the common kind, which is one scan of 8-bit baseline, grey or YCbCr, without a
 * colour profile and without Adobe's marker: that is another decoder's work, and so is saying what is wrong with a file.
 */
export function readHeader(bytes: Uint8Array): Header | undefined {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return undefined;
  const quantisations: Uint16Array[] = [], dcs: HuffmanSpec[] = [], acs: HuffmanSpec[] = [];
  let frame: { width: number; height: number; components: FrameComponent[] } | undefined;
  let restart = 0, jfif = false;
  for (let at = 2; at + 4 <= bytes.length;) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes[at + 1]!, length = bytes[at + 2]! << 8 | bytes[at + 3]!, end = at + 2 + length;
    const body = bytes.subarray(at + 4, end);
    if (length < 2 || end > bytes.length) return undefined;
    if (marker === 0xdb) {
      if (!readQuantisations(body, quantisations)) return undefined;
    } else if (marker === 0xc4) {
      if (!readHuffman(body, dcs, acs)) return undefined;
    } else if (marker === 0xc0) {
      frame = frame === undefined ? readFrame(body) : undefined;
      if (frame === undefined) return undefined;
    } else if (marker === 0xdd && body.length === 2) {
      restart = body[0]! << 8 | body[1]!;
    } else if (marker === 0xe0) {
      jfif ||= isNamed(body, "JFIF\0");
    } else if (marker === 0xda) {
      if (frame === undefined) return undefined;
      const components = readScan(body, frame.components, quantisations, dcs, acs);
      const plain = jfif || frame.components.every(({ id }, i) => id === i + 1);
      if (components === undefined || !plain) return undefined;
      return { width: frame.width, height: frame.height, components, restart, data: end };
    } else if (marker === 0xe2 && isNamed(body, "ICC_PROFILE\0")) {
      return undefined;
    } else if (marker === 0xee || !(marker === 0xfe || (marker >= 0xe1 && marker <= 0xef))) {
      return undefined; // Adobe's colours, or another kind of coding
    }
    at = end;
  }
  return undefined;
}

interface FrameComponent {
  readonly id: number;
  readonly across: number;
  readonly down: number;
  readonly table: number;
}

function isNamed(body: Uint8Array, name: string): boolean {
  return [...name].every((letter, i) => body[i] === letter.charCodeAt(0));
}

function readQuantisations(body: Uint8Array, tables: Uint16Array[]): boolean {
  for (let at = 0; at < body.length; at += 65) {
    const id = body[at]!;
    if (id > 3 || at + 65 > body.length) return false; // also tables of 16 bits
    tables[id] = Uint16Array.from(body.subarray(at + 1, at + 65));
  }
  return true;
}

function readHuffman(body: Uint8Array, dcs: HuffmanSpec[], acs: HuffmanSpec[]): boolean {
  for (let at = 0; at < body.length;) {
    const kind = body[at]! >> 4, id = body[at]! & 15, counts = body.subarray(at + 1, at + 17);
    const total = counts.reduce((sum, count) => sum + count, 0), end = at + 17 + total;
    if (kind > 1 || id > 1 || total > 256 || end > body.length) return false;
    (kind === 0 ? dcs : acs)[id] = { counts, symbols: body.subarray(at + 17, end) };
    at = end;
  }
  return true;
}

function readFrame(body: Uint8Array) {
  const height = body[1]! << 8 | body[2]!, width = body[3]! << 8 | body[4]!, count = body[5]!;
  if (body[0] !== 8 || width === 0 || height === 0 || width * height > mostPixels) return undefined;
  if ((count !== 1 && count !== 3) || body.length !== 6 + 3 * count) return undefined;
  const components = Array.from({ length: count }, (_, i): FrameComponent => {
    const at = 6 + 3 * i;
    return { id: body[at]!, across: body[at + 1]! >> 4, down: body[at + 1]! & 15, table: body[at + 2]! };
  });
  const kind = components.map(({ across, down }) => `${across}x${down}`).join(" ");
  // Grey, and colour in full, halved across, and halved both ways.
  const known = count === 1 || ["1x1 1x1 1x1", "2x1 1x1 1x1", "2x2 1x1 1x1"].includes(kind);
  // libjpeg smooths colour only from three columns on.
  if (!known || (count === 3 && width < 8)) return undefined;
  // A single component has one block to a unit, whatever its factors say.
  return {
    width,
    height,
    components: count === 1 ? [{ ...components[0]!, across: 1, down: 1 }] : components,
  };
}

function readScan(
  body: Uint8Array,
  frame: readonly FrameComponent[],
  quantisations: readonly Uint16Array[],
  dcs: readonly HuffmanSpec[],
  acs: readonly HuffmanSpec[],
): Component[] | undefined {
  const n = frame.length;
  if (body[0] !== n || body.length !== 4 + 2 * n) return undefined;
  if (body[1 + 2 * n] !== 0 || body[2 + 2 * n] !== 63 || body[3 + 2 * n] !== 0) return undefined;
  const components: Component[] = [];
  for (const [i, { id, across, down, table }] of frame.entries()) {
    const tables = body[2 + 2 * i]!;
    const quantisation = quantisations[table], dc = dcs[tables >> 4], ac = acs[tables & 15];
    if (body[1 + 2 * i] !== id || !quantisation || !dc || !ac) return undefined;
    components.push({ across, down, quantisation, dc, ac });
  }
  return components;
}
