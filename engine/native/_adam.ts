import type * as tf from "@tensorflow/tfjs";
import type { AdamStep } from "../_adam_step.ts";
import type { NativeBackend, OpAttribute } from "./_load_backend.ts";

/** TensorFlow's variables for a parameter and its moments, and the tensors that were last read from them. */
interface Variables {
  /** Resource handles of p, m, v. */
  readonly handles: readonly [number, number, number];
  /** The binding's numbers of the tensors read last, which share the variables' memory. */
  readonly read: [number, number, number];
}

/** The parameter, its gradient, its moments. */
interface AdamInputs {
  p: tf.TensorInfo;
  g: tf.TensorInfo;
  m: tf.TensorInfo;
  v: tf.TensorInfo;
}

/** The name by which TensorFlow knows a variable without one: it goes when its handle goes. */
const anonymous = "cd2c89b7-88b7-44c8-ad83-06c2a9158347";

/**
 * One step of Adam by `ResourceApplyAdam`, in place: gives the new parameter and changes the moments. The variables are kept from step
 * to step and found by the first moment; they go when that is disposed. A tensor that was read from a variable shares its memory and is
 * given back before the step, since TensorFlow would copy the values otherwise.
 */
export function adamKernel(
  backend: NativeBackend,
): (inputs: AdamInputs, step: AdamStep) => tf.TensorInfo {
  const { binding } = backend;
  const kept = new WeakMap<tf.DataId, Variables>();
  const type: OpAttribute = { name: "T", type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT };
  const dtype: OpAttribute = { ...type, name: "dtype" };
  const switches = ["use_locking", "use_nesterov"]
    .map((name) => ({ name, type: binding.TF_ATTR_BOOL, value: false }));

  const disposeData = backend.disposeData.bind(backend);
  backend.disposeData = (dataId, force) => {
    const gone = disposeData(dataId as never, force);
    const variables = gone ? kept.get(dataId) : undefined;
    if (variables) {
      kept.delete(dataId);
      variables.handles.forEach((handle) => binding.deleteTensor(handle));
    }
    return gone;
  };

  function makeVariable(shape: readonly number[]): number {
    return binding.executeOp(
      "VarHandleOp",
      [
        { name: "container", type: binding.TF_ATTR_STRING, value: "" },
        { name: "shared_name", type: binding.TF_ATTR_STRING, value: anonymous },
        dtype,
        { name: "shape", type: binding.TF_ATTR_SHAPE, value: [...shape] },
      ],
      [],
      1,
    )[0]!.id;
  }

  /** The step's numbers as TensorFlow's scalars, made once a step. */
  let scalars = { of: "", ids: [] as number[] };
  function scalarsOf({ beta1, beta2, rate, epsilon }: AdamStep): number[] {
    // TensorFlow computes 1 - beta2 from the rounded beta2, which makes v larger by `excess`: undone in what divides by its root.
    // The powers of beta are 0, since the corrections for the moments' start are in rate and epsilon already.
    const excess = Math.sqrt((1 - Math.fround(beta2)) / (1 - beta2)),
      small = (1 - Math.fround(beta1)) / (1 - beta1);
    const values = [0, 0, rate * excess / small, beta1, beta2, epsilon * excess];
    if (scalars.of !== values.join()) {
      scalars.ids.forEach((id) => binding.deleteTensor(id));
      const ids = values.map((x) => binding.createTensor([], binding.TF_FLOAT, Float32Array.of(x)));
      scalars = { of: values.join(), ids };
    }
    return scalars.ids;
  }

  return (inputs, step) => {
    const { p, g, m, v } = inputs;
    const variables = kept.get(m.dataId) ??
      { handles: [p, m, v].map(({ shape }) => makeVariable(shape)) as never, read: [-1, -1, -1] };
    kept.set(m.dataId, variables);
    const data = [p, m, v].map(({ dataId }) => backend.tensorMap.get(dataId));
    // A parameter that others hold too keeps its values; only ours is changed in place.
    const shared = data[0]!.refCount > 1;
    [p, m, v].forEach((tensor, i) => {
      const [id] = backend.getInputTensorIds([tensor]) as [number];
      const handle = variables.handles[i]!;
      if (variables.read[i] !== id) binding.executeOp("AssignVariableOp", [dtype], [handle, id], 0);
      if (i > 0 || !shared) {
        binding.deleteTensor(id);
        data[i]!.id = -1;
      }
    });
    let [gradient] = backend.getInputTensorIds([g]) as [number];
    const made: number[] = [];
    const keep = ({ id }: { id: number }) => {
      made.push(id);
      return id;
    };
    const read = (i: number) => binding.executeOp("ReadVariableOp", [dtype], [variables.handles[i]!], 1)[0]!;
    if (step.weightDecay !== 0) {
      const decay = binding.createTensor([], binding.TF_FLOAT, Float32Array.of(step.weightDecay));
      made.push(decay);
      const penalty = keep(binding.executeOp("Mul", [type], [keep(read(0)), decay], 1)[0]!);
      gradient = keep(binding.executeOp("AddV2", [type], [gradient, penalty], 1)[0]!);
      made.splice(1, 1).forEach((id) => binding.deleteTensor(id)); // else p would be copied
    }
    binding.executeOp("ResourceApplyAdam", [type, ...switches], [
      ...variables.handles,
      ...scalarsOf(step),
      gradient,
    ], 0);
    made.forEach((id) => binding.deleteTensor(id));
    for (const i of [0, 1, 2] as const) variables.read[i] = read(i).id;
    data[1]!.id = variables.read[1];
    data[2]!.id = variables.read[2];
    if (shared) {
      const dataId = backend.write(new Float32Array(0), p.shape, "float32");
      Object.assign(backend.tensorMap.get(dataId), { id: variables.read[0], values: null });
      return { dataId, shape: p.shape, dtype: p.dtype };
    }
    data[0]!.id = variables.read[0];
    backend.incRef(p.dataId); // the caller disposes the old parameter
    return { dataId: p.dataId, shape: p.shape, dtype: p.dtype };
  };
}
