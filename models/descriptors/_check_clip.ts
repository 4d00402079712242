import type { ClipInput } from "../../types.ts";
import type { BlockGrid } from "./_grid.ts";

/**
 * Refuses a clip that a descriptor cannot work with.
 *
 * @param margin Pixels and frames at each border that have no code.
 * @returns T, h, w.
 * @throws {RangeError} If it is not grey, its values do not fit its shape, or less than one pixel a block is left within the margins.
 */
export function checkClip(
  name: string,
  { pixels, shape }: ClipInput,
  margin: { readonly x: number; readonly y: number; readonly t: number },
  grid: BlockGrid,
): [frames: number, height: number, width: number] {
  const refuse = (why: string): never => {
    throw new RangeError(`Cannot compute ${name}: ${why}`);
  };
  const [frames, height, width, channels] = shape;
  if (channels !== 1) refuse(`frames must be grey, found ${channels} channels`);
  if (pixels.length !== frames * height * width) {
    refuse(`a clip of ${frames}x${height}x${width} has other than ${pixels.length} values`);
  }
  for (const [axis, value] of Object.entries(margin)) {
    if (!Number.isInteger(value) || value < 0) {
      refuse(`the radius in ${axis} must be a whole number, current value is ${value}`);
    }
  }
  for (
    const [size, border, parts, what] of [
      [frames, margin.t, grid.times, "frames"],
      [height, margin.y, grid.rows, "rows"],
      [width, margin.x, grid.columns, "columns"],
    ] as const
  ) {
    if (!Number.isInteger(parts) || parts < 1) refuse(`the grid must have one part or more, found ${parts}`);
    if (size - 2 * border < parts) {
      refuse(
        `${size} ${what} less ${border} at each border leave too few for ${parts} blocks; take a larger clip or a coarser grid`,
      );
    }
  }
  return [frames, height, width];
}
