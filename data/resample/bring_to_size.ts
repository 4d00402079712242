/** What {@linkcode bringToSize} makes of a picture. */
export interface FinalSize {
  /** Height and width of the result. */
  readonly size: number;
  /** 1 grey, 3 RGB. */
  readonly channels: 1 | 3;
  /** The part of the picture to keep, in fractions of its width and height. */
  readonly crop?: {
    readonly left: number;
    readonly top: number;
    readonly width: number;
    readonly height: number;
  };
}

/** An RGB picture. */
export interface ColourPicture {
  /** height x width x 3 values 0..255. */
  readonly pixels: Uint8Array;
  /** w, pixels. */
  readonly width: number;
  /** h, pixels. */
  readonly height: number;
}

/**
 * What `loadClip` does with a decoded frame, without sharp, so that a browser does the same: a part of it is kept, stretched to a square by
 * Lanczos' filter of three lobes (a cubic where it grows), and made grey by its linear light. A test holds it within two levels of sharp's pixels where a
 * picture shrinks, six where it grows.
 */
export function bringToSize({ pixels, width, height }: ColourPicture, wanted: FinalSize): Uint8Array {
  const { size, channels, crop = { left: 0, top: 0, width: 1, height: 1 } } = wanted;
  const left = Math.min(width - 1, Math.round(crop.left * width)),
    top = Math.min(height - 1, Math.round(crop.top * height));
  const w = Math.max(1, Math.min(width - left, Math.round(crop.width * width))),
    h = Math.max(1, Math.min(height - top, Math.round(crop.height * height)));
  const part = left === 0 && top === 0 && w === width && h === height
    ? pixels
    : cut(pixels, width, { left, top, width: w, height: h });
  const square = w === size && h === size ? part : resized(part, w, h, size);
  if (channels === 3) return square === pixels ? pixels.slice() : square;
  const out = new Uint8Array(size * size);
  for (let i = 0, k = 0; i < out.length; i++, k += 3) {
    const light = 0.2126 * lightOf[square[k]!]! + 0.7152 * lightOf[square[k + 1]!]! +
      0.0722 * lightOf[square[k + 2]!]!;
    out[i] = levelOf[Math.round(light * (levelOf.length - 1))]!;
  }
  return out;
}

function cut(
  pixels: Uint8Array,
  stride: number,
  { left, top, width, height }: Required<FinalSize>["crop"],
): Uint8Array {
  const out = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * stride + left) * 3;
    out.set(pixels.subarray(from, from + width * 3), y * width * 3);
  }
  return out;
}

interface Taps {
  readonly starts: Int32Array;
  readonly at: Int32Array;
  readonly weight: Float32Array;
}

const kept = new Map<string, Taps>();

/**
 * For each place of the result those of the picture and their weights; all frames of a clip ask for the same. Where a side shrinks four times and
 * more, whole places are averaged first, as sharp does.
 */
function tapsOf(from: number, to: number): Taps {
  const key = `${from} ${to}`, known = kept.get(key);
  if (known !== undefined) return known;
  const box = Math.max(1, Math.floor(from / to / 2)), boxes = Math.ceil(from / box);
  const scale = from / box / to, stretch = Math.max(1, scale);
  // Growing, libvips takes a cubic, and its first place lies half a place outside of the picture.
  const [filter, reach, shift] = scale < 1
    ? [cubic, 2, 0] as const
    : [lanczos, 3 * stretch, scale / 2] as const;
  const starts = [0], at: number[] = [], weight: number[] = [];
  for (let place = 0; place < to; place++) {
    const centre = place * scale + shift - 0.5, first = at.length;
    for (let x = Math.ceil(centre - reach); x <= centre + reach; x++) {
      const w = filter((x - centre) / stretch), of = Math.max(0, Math.min(boxes - 1, x)) * box;
      if (w === 0) continue;
      for (let k = 0; k < box; k++) {
        at.push(Math.min(from - 1, of + k));
        weight.push(w);
      }
    }
    const sum = weight.slice(first).reduce((total, w) => total + w, 0);
    for (let k = first; k < weight.length; k++) weight[k]! /= sum;
    starts.push(at.length);
  }
  const taps = {
    starts: Int32Array.from(starts),
    at: Int32Array.from(at),
    weight: Float32Array.from(weight),
  };
  if (kept.size > 8) kept.clear(); // pictures of many sizes must not add up
  kept.set(key, taps);
  return taps;
}

function lanczos(x: number): number {
  if (x === 0) return 1;
  if (Math.abs(x) >= 3) return 0;
  const p = Math.PI * x;
  return 3 * Math.sin(p) * Math.sin(p / 3) / (p * p);
}

/** Catmull and Rom's. */
function cubic(x: number): number {
  const t = Math.abs(x);
  if (t >= 2) return 0;
  return t < 1 ? (1.5 * t - 2.5) * t * t + 1 : ((-0.5 * t + 2.5) * t - 4) * t + 2;
}

/** Rows first, rounded to bytes in between as sharp does, then columns. */
function resized(pixels: Uint8Array, width: number, height: number, size: number): Uint8Array {
  const down = tapsOf(height, size), across = tapsOf(width, size), stride = 3 * width;
  const rows = new Uint8ClampedArray(size * stride), sums = new Float32Array(stride);
  for (let Y = 0; Y < size; Y++) {
    sums.fill(0);
    for (let k = down.starts[Y]!; k < down.starts[Y + 1]!; k++) {
      const w = down.weight[k]!, from = down.at[k]! * stride;
      for (let i = 0; i < stride; i++) sums[i]! += w * pixels[from + i]!;
    }
    rows.set(sums, Y * stride); // a clamped array rounds and keeps within 0..255
  }
  const out = new Uint8ClampedArray(size * size * 3);
  for (let Y = 0, o = 0; Y < size; Y++) {
    for (let X = 0; X < size; X++, o += 3) {
      let r = 0, g = 0, b = 0;
      for (let k = across.starts[X]!; k < across.starts[X + 1]!; k++) {
        const w = across.weight[k]!, from = Y * stride + 3 * across.at[k]!;
        r += w * rows[from]!;
        g += w * rows[from + 1]!;
        b += w * rows[from + 2]!;
      }
      out[o] = r;
      out[o + 1] = g;
      out[o + 2] = b;
    }
  }
  return new Uint8Array(out.buffer);
}

/** Linear light, 0..1, of an sRGB level. */
const lightOf = Float64Array.from({ length: 256 }, (_, level) => {
  const v = level / 255;
  return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
});

/** The level of a light; steps fine enough for the darkest levels. */
const levelOf = Uint8Array.from({ length: 1 << 14 }, (_, i) => {
  const light = i / ((1 << 14) - 1);
  return Math.round(255 * (light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055));
});
