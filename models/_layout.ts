/**
 * Where memory and PyTorch's files differ: convolution kernels are HWIO here and OIHW there, linear weights (in, out)
 * here and (out, in) there. `toFile[i]` is the memory axis that becomes the file's axis i.
 */
const toFile: Readonly<Record<number, readonly number[]>> = { 4: [3, 2, 0, 1], 2: [1, 0] };

/** The shape in a file of a parameter of this shape in memory. */
export function fileShape(shape: readonly number[]): number[] {
  return (toFile[shape.length] ?? shape.map((_, i) => i)).map((axis) => shape[axis] as number);
}

/** A parameter's values from memory's order to the file's; `shape` is memory's. */
export function toFileOrder(values: Float32Array, shape: readonly number[]): Float32Array {
  return reorder(values, shape, (from, to, file, memory) => to[file] = from[memory] as number);
}

/** A parameter's values from the file's order to memory's; `shape` is memory's. */
export function fromFileOrder(values: Float32Array, shape: readonly number[]): Float32Array {
  return reorder(values, shape, (from, to, file, memory) => to[memory] = from[file] as number);
}

function reorder(
  from: Float32Array,
  shape: readonly number[],
  copy: (from: Float32Array, to: Float32Array, file: number, memory: number) => void,
): Float32Array {
  const to = new Float32Array(from.length);
  if (shape.length === 4) {
    const [height, width, input, output] = shape as [number, number, number, number];
    let file = 0;
    for (let o = 0; o < output; o++) {
      for (let i = 0; i < input; i++) {
        for (let hw = 0; hw < height * width; hw++) copy(from, to, file++, (hw * input + i) * output + o);
      }
    }
  } else if (shape.length === 2) {
    const [input, output] = shape as [number, number];
    for (let o = 0; o < output; o++) {
      for (let i = 0; i < input; i++) copy(from, to, o * input + i, i * output + o);
    }
  } else {
    to.set(from);
  }
  return to;
}
