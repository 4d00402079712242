/** A grey image: `pixels` are height x width values 0..255, row-major; fractions are welcome. */
export interface GreyImage {
  /** Columns. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** height x width values. */
  readonly pixels: Float32Array;
}

/**
 * Motion from one image to another: what is seen at (x, y) in the first is at (x + u, y + v) in the second. In pixels, x to the right,
 * y down; height x width values each, row-major.
 */
export interface Flow {
  /** Columns. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** Motion to the right. */
  readonly u: Float32Array;
  /** Motion downwards. */
  readonly v: Float32Array;
}
