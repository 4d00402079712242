/** Decoded pixels, row-major from the top, interleaved. */
export interface RawImage {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly pixels: Uint8Array;
}

/** Whether the bytes begin like a BMP file. */
export function isBmp(bytes: Uint8Array): boolean {
  return bytes[0] === 0x42 && bytes[1] === 0x4d;
}

/**
 * Decodes an uncompressed BMP of 8 bits (palette) or 24 or 32 bits (BGR), as SMIC's frames are; sharp reads none.
 *
 * @throws {RangeError} if the file is cut short or of another kind; the message says which.
 */
export function decodeBmp(bytes: Uint8Array): RawImage {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!isBmp(bytes) || bytes.length < 54) {
    throw new RangeError("it is no BMP file, or its header is cut short");
  }
  const [start, headerSize] = [view.getUint32(10, true), view.getUint32(14, true)];
  const [width, signedHeight] = [view.getInt32(18, true), view.getInt32(22, true)];
  const [bits, compression] = [view.getUint16(28, true), view.getUint32(30, true)];
  const height = Math.abs(signedHeight);
  if (
    headerSize < 40 || ![8, 24, 32].includes(bits) ||
    (compression !== 0 && !(compression === 3 && bits === 32))
  ) {
    throw new RangeError(
      `it is a BMP of ${bits} bits with compression ${compression}; only plain 8, 24 and 32 bits are read`,
    );
  }
  if (start < 14 + headerSize) throw new RangeError("its header is damaged: pixels begin within it");
  if (width < 1 || height < 1 || width > 32768 || height > 32768) {
    throw new RangeError(`its size ${width}x${height} makes no sense`);
  }
  const stride = Math.ceil(width * bits / 32) * 4; // rows are padded to 4 bytes
  if (start + stride * height > bytes.length) {
    throw new RangeError(
      `it is cut short: ${bytes.length} bytes where ${start + stride * height} are needed`,
    );
  }
  const pixels = new Uint8Array(width * height * 3);
  const row = (y: number) => start + (signedHeight > 0 ? height - 1 - y : y) * stride; // a positive height is bottom-up
  if (bits !== 8) {
    const step = bits / 8, [red, green, blue] = compression === 3 ? placesOf(view) : [2, 1, 0];
    for (let y = 0, o = 0; y < height; y++) {
      for (let x = 0, i = row(y); x < width; x++, i += step, o += 3) {
        pixels[o] = bytes[i + red]!;
        pixels[o + 1] = bytes[i + green]!;
        pixels[o + 2] = bytes[i + blue]!;
      }
    }
    return { width, height, channels: 3, pixels };
  }
  const palette = 14 + headerSize;
  const colours = Math.min(
    view.getUint32(46, true) || 256,
    256,
    Math.max(0, Math.floor((start - palette) / 4)),
  );
  for (let y = 0, o = 0; y < height; y++) {
    for (let x = 0, i = row(y); x < width; x++, i++, o += 3) {
      const colour = bytes[i]!;
      if (colour >= colours) throw new RangeError(`a pixel has colour ${colour} of a palette of ${colours}`);
      pixels[o] = bytes[palette + colour * 4 + 2]!;
      pixels[o + 1] = bytes[palette + colour * 4 + 1]!;
      pixels[o + 2] = bytes[palette + colour * 4]!;
    }
  }
  return { width, height, channels: 3, pixels };
}

/** Which byte of a pixel of 32 bits holds red, green and blue, by the masks behind the header. */
function placesOf(view: DataView): [red: number, green: number, blue: number] {
  const masks = [54, 58, 62].map((at) => at + 4 <= view.byteLength ? view.getUint32(at, true) : 0);
  const places = masks.map((mask) => [0xff, 0xff00, 0xff0000, 0xff000000].indexOf(mask));
  if (places.includes(-1) || new Set(places).size < 3) {
    throw new RangeError(
      `its colours lie in the bits ${
        masks.map((mask) => mask.toString(16)).join(", ")
      }; only whole bytes are read`,
    );
  }
  return places as [number, number, number];
}
