/** Writes the matrix of a clockwise turn into the track header of an MP4: ffmpeg has no option for it before version 6. */
export async function writeTurn(file: string, degrees: number): Promise<void> {
  const bytes = await Deno.readFile(file), view = new DataView(bytes.buffer);
  const name = [...new TextEncoder().encode("tkhd")];
  const at = bytes.findIndex((_, i) => name.every((code, k) => bytes[i + k] === code));
  const [c, s] = [
    Math.round(Math.cos(degrees * Math.PI / 180)),
    Math.round(Math.sin(degrees * Math.PI / 180)),
  ];
  const matrix = at + 4 + 40; // version 0: 40 bytes of times, number and volume before it
  [c, s, undefined, -s, c].forEach((value, i) =>
    value !== undefined && view.setInt32(matrix + 4 * i, value * 65536)
  );
  await Deno.writeFile(file, bytes);
}
