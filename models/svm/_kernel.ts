/** A kernel: linear, K(x, z) = x . z, or RBF, K(x, z) = exp(-gamma |x - z|^2). */
export type Kernel =
  | { readonly kind: "linear" }
  | { readonly kind: "rbf"; /** Inverse squared width, positive. */ readonly gamma: number };

/** K from dot products: of the two rows with each other, of each with itself. */
export function kernelOf(kernel: Kernel, cross: number, first: number, second: number): number {
  return kernel.kind === "linear" ? cross : Math.exp(-kernel.gamma * (first + second - 2 * cross));
}

/** Rows of a kernel matrix from dot products, made when asked for; those not used for longest go first when the budget is full. */
export class KernelRows {
  readonly #kernel: Kernel;
  readonly #dots: Float64Array;
  readonly #count: number;
  readonly #most: number;
  readonly #kept = new Map<number, Float32Array>();

  /**
   * @param dots count x count dot products.
   * @param bytes How much memory the rows may take; libsvm's default is 100 MB, scikit-learn's 200.
   */
  constructor(kernel: Kernel, dots: Float64Array, count: number, bytes = 200 * 2 ** 20) {
    this.#kernel = kernel;
    this.#dots = dots;
    this.#count = count;
    this.#most = Math.max(2, Math.floor(bytes / (4 * count)));
  }

  /** K(row, .), single precision. */
  row(row: number): Float32Array {
    const kept = this.#kept.get(row);
    if (kept !== undefined) {
      if (this.#most < this.#count) {
        this.#kept.delete(row); // to the end of the order
        this.#kept.set(row, kept);
      }
      return kept;
    }
    const n = this.#count, dots = this.#dots, own = dots[row * n + row]!;
    const values = new Float32Array(n);
    for (let t = 0; t < n; t++) {
      values[t] = kernelOf(this.#kernel, dots[row * n + t]!, own, dots[t * n + t]!);
    }
    if (this.#kept.size >= this.#most) this.#kept.delete(this.#kept.keys().next().value as number);
    this.#kept.set(row, values);
    return values;
  }

  /** K(row, row), double precision. */
  diagonal(row: number): number {
    const own = this.#dots[row * this.#count + row]!;
    return kernelOf(this.#kernel, own, own, own);
  }
}
