import type * as tf from "@tensorflow/tfjs";
import type { Listener } from "../_recorder.ts";
import type { ConstantValue, GraphNode } from "./_graph_def.ts";
import type { NativeBackend, NativeBinding, NativeTensor } from "./_load_backend.ts";
import { impliedAttributes } from "./_operations.ts";

/** Where a tensor within a trace comes from, by its node's name; inputs are of the function that is made. */
export type Place = string;

/** A tensor of the function's that is found again on each replay. */
export type Argument =
  | { readonly kind: "input"; readonly index: number }
  | {
    readonly kind: "made";
    readonly make: () => tf.Tensor;
    /** What was made while recording, for the first replay, which is of the same step. */
    first: tf.DataId | undefined;
  }
  | { readonly kind: "kept"; readonly dataId: tf.DataId };

/** A constant of at most this many bytes is written into the graph, where TensorFlow can compute with it beforehand. */
const smallConstant = 1024;

/**
 * The operations that run while a function runs, as nodes of a graph. It listens at the package's backend: to the operations, to what
 * they take as inputs, to tensors made of values and to values read back.
 */
export class Trace implements Listener {
  /** The operations in the order in which they ran. */
  readonly nodes: GraphNode[] = [];
  /** The function's arguments `i0`, `i1`, ... with their types. */
  readonly arguments: { readonly argument: Argument; readonly dtype: number }[] = [];
  /** Checks to be made on each replay, with the inputs that they take (or a constant). */
  readonly checks: {
    readonly check: (...tensors: tf.Tensor[]) => void;
    readonly inputs: readonly number[];
  }[] = [];
  /** Why this cannot be replayed, if so. */
  problem: string | undefined;

  readonly #backend: NativeBackend;
  readonly #binding: NativeBinding;
  /** What each of the binding's tensors is in the graph. */
  readonly #places = new Map<number, Place>();
  /** Their types. */
  readonly #dtypes = new Map<number, number>();
  /** The inputs' own numbers, by the binding's. */
  readonly #inputs = new Map<number, number>();
  /** Data that was made of values while this listened. */
  readonly #written = new Set<tf.DataId>();
  #checking = false;

  constructor(backend: NativeBackend, inputs: readonly tf.Tensor[], changing: readonly tf.Tensor[]) {
    this.#backend = backend;
    this.#binding = backend.binding;
    inputs.forEach((tensor, index) => {
      const [id] = backend.getInputTensorIds([tensor]) as [number];
      this.#inputs.set(id, index);
      this.#argue(id, { kind: "input", index }, tensor);
    });
    changing.forEach((tensor, index) => {
      const [id] = backend.getInputTensorIds([tensor]) as [number];
      this.#set(id, `p${index}`, this.#binding.TF_FLOAT);
    });
  }

  /** Runs `f` and listens. */
  listen<Result>(f: () => Result): Result {
    const backend = this.#backend, binding = this.#binding;
    const own = {
      getInputTensorIds: backend.getInputTensorIds,
      move: backend.move,
      readSync: backend.readSync,
    };
    const executeOp: NativeBinding["executeOp"] = (name, attributes, inputs, outputs) => {
      const made = binding.executeOp(name, attributes, inputs, outputs);
      this.#note(name, attributes, inputs, made);
      return made;
    };
    Object.assign(backend, {
      binding: Object.create(binding, { executeOp: { value: executeOp } }),
      getInputTensorIds: (tensors: readonly tf.TensorInfo[]) => this.#see(tensors, own.getInputTensorIds),
      move: (dataId: tf.DataId, ...rest: [never, never, never, never]) => {
        this.#written.add(dataId);
        own.move.call(backend, dataId, ...rest);
      },
      readSync: (dataId: tf.DataId) => {
        this.#refuseReading(dataId);
        return own.readSync.call(backend, dataId);
      },
    });
    try {
      return f();
    } finally {
      Object.assign(backend, own, { binding });
    }
  }

  made(tensor: tf.Tensor, make: () => tf.Tensor): void {
    const [id] = this.#backend.getInputTensorIds([tensor]) as [number];
    if (this.#places.has(id) && !this.#written.has(tensor.dataId)) {
      this.problem ??= "perStep was given a tensor that was there before";
      return;
    }
    this.#argue(id, { kind: "made", make, first: tensor.dataId as tf.DataId }, tensor);
  }

  checked(tensors: readonly tf.Tensor[], check: (...tensors: tf.Tensor[]) => void): void {
    this.#checking = true;
    try {
      check(...tensors);
    } finally {
      this.#checking = false;
    }
    const inputs = tensors.map((tensor) => this.#inputs.get(this.#backend.tensorMap.get(tensor.dataId).id));
    if (inputs.every((index) => index !== undefined)) this.checks.push({ check, inputs: inputs as number[] });
    else if (!tensors.every((tensor) => this.#written.has(tensor.dataId))) {
      this.problem ??= "a check reads values that were computed within the step";
    }
  }

  /** The node of a tensor that was made, given or found while this listened. */
  placeOf(tensor: tf.TensorInfo): Place {
    const [id] = this.#see([tensor], this.#backend.getInputTensorIds) as [number];
    return this.#places.get(id) as Place;
  }

  /** Gives back what is held for a replay: all, or what was made for the first one. */
  release(what: "all" | "made" = "all"): void {
    for (const { argument } of this.arguments) {
      if (argument.kind === "made" && argument.first !== undefined) {
        this.#backend.disposeData(argument.first as never);
        argument.first = undefined;
      } else if (argument.kind === "kept" && what === "all") {
        this.#backend.disposeData(argument.dataId as never);
      }
    }
  }

  #argue(id: number, argument: Argument, { dataId }: tf.TensorInfo): void {
    const { dtype } = this.#backend.tensorMap.get(dataId);
    this.#set(id, `i${this.arguments.length}`, dtype);
    this.arguments.push({ argument, dtype });
    if (argument.kind === "input") return;
    this.#backend.incRef(dataId as never); // it must not go before the replay
  }

  /** Finds out what inputs of an operation are, before it runs. */
  #see(tensors: readonly tf.TensorInfo[], getInputTensorIds: NativeBackend["getInputTensorIds"]): number[] {
    const values = tensors.map(({ dataId }) => this.#backend.tensorMap.get(dataId)?.values);
    const ids = getInputTensorIds.call(this.#backend, tensors);
    ids.forEach((id, i) => {
      if (this.#places.has(id)) return;
      const { dataId, shape } = tensors[i] as tf.TensorInfo;
      const data = this.#backend.tensorMap.get(dataId);
      if (data === undefined) {
        this.problem ??= "an operation takes 64-bit integers";
        return;
      }
      const constant = values[i];
      if (this.#written.has(dataId) && ArrayBuffer.isView(constant) && constant.byteLength <= smallConstant) {
        this.#set(id, `n${this.nodes.length}`, data.dtype);
        const value: ConstantValue = { dtype: data.dtype, shape: [...shape], values: constant };
        this.nodes.push({ name: `n${this.nodes.length}`, op: "Const", inputs: [], attributes: [], value });
      } else this.#argue(id, { kind: "kept", dataId }, tensors[i] as tf.TensorInfo);
    });
    return ids;
  }

  #note(
    op: string,
    attributes: GraphNode["attributes"],
    inputs: readonly number[],
    outputs: readonly NativeTensor[],
  ): void {
    const places = inputs.map((id) => this.#places.get(id));
    const unknown = places.indexOf(undefined);
    if (unknown >= 0) this.problem ??= `input ${unknown} of ${op} comes from nowhere`;
    const name = `n${this.nodes.length}`;
    const dtypes = inputs.map((id) => this.#dtypes.get(id) as number);
    const all = [...attributes, ...impliedAttributes(op, attributes, dtypes, this.#binding)];
    this.nodes.push({ name, op, inputs: places as Place[], attributes: all });
    outputs.forEach(({ id, dtype }, i) => this.#set(id, i === 0 ? name : `${name}:${i}`, dtype));
  }

  #set(id: number, place: Place, dtype: number): void {
    this.#places.set(id, place);
    this.#dtypes.set(id, dtype);
  }

  #refuseReading(dataId: tf.DataId): void {
    if (this.#checking || this.#written.has(dataId)) return;
    this.problem ??= "values are read back within the step";
  }
}
