import type { DataType, TensorInfo } from "@tensorflow/tfjs";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { outOfMemory } from "../memory_guard.ts";
import { assemble } from "./_assemble.ts";
import { routines } from "./_routines/mod.ts";

/** One of our routines; arguments are byte addresses and counts. */
export type Call = (...args: number[]) => void;

/** What the package's types leave out of its Emscripten module. */
interface Emscripten {
  readonly HEAPU8: Uint8Array<ArrayBuffer>;
  readonly asm: { readonly memory: WebAssembly.Memory; readonly malloc: (bytes: number) => number };
  _malloc: (bytes: number) => number;
  readonly _free: (address: number) => void;
}

/** The heap of tfjs's wasm backend, with our routines compiled onto it. */
export class Heap {
  readonly #backend: BackendWasm;
  readonly #wasm: Emscripten;
  readonly #routines: Readonly<Record<string, Call>>;
  #scratch = { start: 0, bytes: 0 };

  /** Compiles the routines, which is done in a millisecond. */
  constructor(backend: BackendWasm) {
    this.#backend = backend;
    this.#wasm = backend.wasm as unknown as Emscripten;
    const { asm } = this.#wasm;
    // malloc says "no memory" by 0, which the package would use as an address.
    this.#wasm._malloc = (bytes) => {
      const address = asm.malloc(bytes) >>> 0;
      if (address === 0 && bytes > 0) throw outOfMemory();
      return address;
    };
    const fused = assemble(routines(true));
    const code = WebAssembly.validate(fused) ? fused : assemble(routines(false));
    const module = new WebAssembly.Instance(new WebAssembly.Module(code), { env: { memory: asm.memory } });
    this.#routines = module.exports as Record<string, Call>;
  }

  /** Runs a routine. */
  call(name: string, ...args: number[]): void {
    (this.#routines[name] as Call)(...args);
  }

  /** A new tensor. */
  output(shape: readonly number[], dtype: DataType = "float32"): TensorInfo {
    return this.#backend.makeOutput([...shape], dtype);
  }

  /** The address of a tensor's values. */
  address(tensor: TensorInfo): number {
    return this.#backend.getMemoryOffset(tensor.dataId);
  }

  /** The values of a tensor, not a copy. Good until the next tensor is made, which may move the heap. */
  floats(tensor: TensorInfo): Float32Array<ArrayBuffer> {
    return this.#backend.typedArrayFromHeap(tensor) as Float32Array<ArrayBuffer>;
  }

  /** `count` floats at an address, not a copy. Good as long as `floats`. */
  floatsAt(address: number, count: number): Float32Array<ArrayBuffer> {
    return new Float32Array(this.#wasm.HEAPU8.buffer, address, count);
  }

  /** `count` integers at an address. Good as long as `floats`. */
  integers(address: number, count: number): Int32Array<ArrayBuffer> {
    return new Int32Array(this.#wasm.HEAPU8.buffer, address, count);
  }

  /** Sets bytes to 0. */
  clear(address: number, bytes: number): void {
    this.#wasm.HEAPU8.fill(0, address, address + bytes);
  }

  /** Frees a tensor that a kernel made for itself. */
  free(tensor: TensorInfo): void {
    this.#backend.disposeData(tensor.dataId);
  }

  /**
   * Places of so many bytes each, by name, with anything in them, good until the next call of `scratch`. Make output tensors
   * before. The memory behind is kept and grows to the largest need so far.
   */
  scratch<Name extends string>(bytes: Readonly<Record<Name, number>>): Record<Name, number> {
    const names = Object.keys(bytes) as Name[];
    const rounded = (size: number) => Math.ceil(size / 16) * 16;
    const total = names.reduce((sum, name) => sum + rounded(bytes[name]), 16);
    if (total > this.#scratch.bytes) {
      if (this.#scratch.start > 0) this.#wasm._free(this.#scratch.start);
      this.#scratch = { start: 0, bytes: 0 };
      this.#scratch = { start: this.#wasm._malloc(total), bytes: total };
    }
    let at = rounded(this.#scratch.start);
    const places = {} as Record<Name, number>;
    for (const name of names) {
      places[name] = at;
      at += rounded(bytes[name]);
    }
    return places;
  }
}

const heaps = new WeakMap<BackendWasm, Heap>();

/** The heap of a backend. */
export function heapOf(backend: BackendWasm): Heap {
  let heap = heaps.get(backend);
  if (heap === undefined) heaps.set(backend, heap = new Heap(backend));
  return heap;
}
