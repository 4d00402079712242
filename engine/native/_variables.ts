import type * as tf from "@tensorflow/tfjs";
import type { NativeBackend, OpAttribute } from "./_load_backend.ts";

/** A tensor's variable in TensorFlow. */
interface Variable {
  /** The binding's number of the resource handle. */
  readonly handle: number;
  /** The binding's number of the tensor last read from it, whose memory is the variable's own; -1 while none is. */
  read: number;
}

/** The name by which TensorFlow knows a variable without one: it goes when its handle goes. */
const anonymous = "cd2c89b7-88b7-44c8-ad83-06c2a9158347";

/**
 * Tensors that live in TensorFlow's variables, so that its operations change them in place: parameters and an optimiser's moments.
 * For all else they are tensors like others; what reads one gets the variable's value of that time. They go when disposed.
 */
export class Variables {
  readonly #backend: NativeBackend;
  readonly #dtype: OpAttribute;
  readonly #kept = new WeakMap<tf.DataId, Variable>();

  constructor(backend: NativeBackend) {
    this.#backend = backend;
    const { binding } = backend;
    this.#dtype = { name: "dtype", type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT };
    const disposeData = backend.disposeData.bind(backend);
    backend.disposeData = (dataId, force) => {
      const variable = this.#kept.get(dataId);
      if (variable === undefined) return disposeData(dataId as never, force);
      const data = backend.tensorMap.get(dataId);
      if (force || data.refCount <= 1) {
        Object.defineProperty(data, "id", { value: variable.read }); // not to be read just to be deleted
        this.#kept.delete(dataId);
        binding.deleteTensor(variable.handle);
      }
      return disposeData(dataId as never, force);
    };
  }

  /** The handle of the tensor's variable, which is made of its values if there is none yet. */
  handle(tensor: tf.TensorInfo): number {
    return (this.#kept.get(tensor.dataId) ?? this.#make(tensor)).handle;
  }

  /** Before the variable changes: gives back what was read from it, else TensorFlow would copy the values first. */
  release(tensor: tf.TensorInfo): void {
    const variable = this.#kept.get(tensor.dataId);
    if (variable === undefined || variable.read < 0) return;
    this.#backend.binding.deleteTensor(variable.read);
    variable.read = -1;
  }

  #make(tensor: tf.TensorInfo): Variable {
    const { binding, tensorMap } = this.#backend;
    const [id] = this.#backend.getInputTensorIds([tensor]) as [number];
    const variable: Variable = { handle: this.#newHandle(tensor.shape), read: -1 };
    binding.executeOp("AssignVariableOp", [this.#dtype], [variable.handle, id], 0);
    binding.deleteTensor(id);
    Object.defineProperty(tensorMap.get(tensor.dataId), "id", {
      configurable: true,
      get: () => {
        if (variable.read < 0) {
          variable.read = binding.executeOp("ReadVariableOp", [this.#dtype], [variable.handle], 1)[0]!.id;
        }
        return variable.read;
      },
    });
    this.#kept.set(tensor.dataId, variable);
    return variable;
  }

  #newHandle(shape: readonly number[]): number {
    const { binding } = this.#backend;
    const attributes = [
      { name: "container", type: binding.TF_ATTR_STRING, value: "" },
      { name: "shared_name", type: binding.TF_ATTR_STRING, value: anonymous },
      this.#dtype,
      { name: "shape", type: binding.TF_ATTR_SHAPE, value: [...shape] },
    ];
    return binding.executeOp("VarHandleOp", attributes, [], 1)[0]!.id;
  }
}
