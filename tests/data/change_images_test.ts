import { assertEquals } from "@std/assert";
import { changeImages } from "../../data/_change_images.ts";
import { seededRandom } from "../../engine/random.ts";

const random = seededRandom(3);
const bytes = (n: number) => Uint8Array.from({ length: n }, () => random.integer(256));

/** Bilinear sampling pixel by pixel, then the table. */
function naive(
  pixels: Uint8Array,
  [height, width, channels]: readonly [number, number, number],
  map: Int32Array | undefined,
  table: Uint8Array | undefined,
): Uint8Array {
  const image = height * width * channels;
  return pixels.map((value, i) => {
    if (map !== undefined) {
      const [frame, pixel, channel] = [Math.floor(i / image), Math.floor(i % image / channels), i % channels];
      const [at, right, below] = map.subarray(3 * pixel, 3 * pixel + 3) as unknown as [
        number,
        number,
        number,
      ];
      const [top, left] = [Math.floor(at / width), at % width];
      const read = (y: number, x: number) =>
        pixels[
          frame * image + (Math.min(y, height - 1) * width + Math.min(x, width - 1)) * channels + channel
        ]!;
      const sum = (256 - below) * ((256 - right) * read(top, left) + right * read(top, left + 1)) +
        below * ((256 - right) * read(top + 1, left) + right * read(top + 1, left + 1));
      value = Math.floor((sum + 32768) / 65536);
    }
    return table ? table[value]! : value;
  });
}

/** Anywhere, the corners and the last row and column among them. */
function drawMap(height: number, width: number): Int32Array {
  return Int32Array.from(
    Array.from({ length: height * width }, () => {
      const [top, left] = [random.integer(height), random.integer(width)];
      return [
        top * width + left,
        left === width - 1 ? 0 : random.integer(257),
        top === height - 1 ? 0 : random.integer(257),
      ];
    }).flat(),
  );
}

Deno.test("changeImages is the plain loop, byte for byte, for every number of channels", () => {
  for (let round = 0; round < 60; round++) {
    const channels = 1 + round % 9, height = 1 + random.integer(9), width = 1 + random.integer(9);
    const size = [height, width, channels] as const, image = height * width * channels;
    const stacks = [bytes(image * (1 + random.integer(3))), bytes(image)] as const;
    const map = round % 4 === 0 ? undefined : drawMap(height, width);
    const table = round % 3 === 0 ? undefined : bytes(256);
    assertEquals(
      changeImages(stacks, size, map, table),
      stacks.map((pixels) => naive(pixels, size, map, table)) as [Uint8Array, Uint8Array],
    );
  }
});

Deno.test("changeImages keeps full white white, and needs no memory of the images before", () => {
  const size = [3, 3, 3] as const;
  const white = new Uint8Array(27).fill(255);
  const map = drawMap(3, 3);
  changeImages([bytes(64 * 64 * 3)], [64, 64, 3], drawMap(64, 64), undefined);
  assertEquals(changeImages([white], size, map, undefined), [white]);
});
