import type { FlowInput } from "../../types.ts";

/**
 * Refuses flow that a descriptor cannot work with.
 *
 * @returns N, h, w.
 * @throws {RangeError} If it is not in pixels, its planes do not fit its shape, or it has fewer pixels than blocks.
 */
export function checkFlow(
  name: string,
  { u, v, strain, shape, unit }: FlowInput,
  grid: { readonly rows: number; readonly columns: number },
): readonly [maps: number, height: number, width: number] {
  const refuse = (why: string): never => {
    throw new RangeError(`Cannot compute ${name}: ${why}`);
  };
  if (unit !== "pixels") {
    refuse(
      "flow must be in pixels: in 8-bit images, each stretched for itself, directions and sizes are lost",
    );
  }
  const [maps, height, width] = shape, size = maps * height * width;
  if (maps < 1 || u.length !== size || v.length !== size || strain.length !== size) {
    refuse(
      `maps of ${maps}x${height}x${width} have other than ${u.length}, ${v.length}, ${strain.length} values`,
    );
  }
  for (
    const [parts, places, what] of [[grid.rows, height, "rows"], [grid.columns, width, "columns"]] as const
  ) {
    if (!Number.isInteger(parts) || parts < 1 || parts > places) {
      refuse(`${places} ${what} do not make ${parts} blocks`);
    }
  }
  return shape;
}
