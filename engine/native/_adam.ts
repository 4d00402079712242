import * as tf from "@tensorflow/tfjs";
import type { AdamStep } from "../_adam_step.ts";
import type { NativeBackend, OpAttribute } from "./_load_backend.ts";
import type { Variables } from "./_variables.ts";

/** The parameter, its gradient, its moments. */
interface AdamInputs {
  p: tf.TensorInfo;
  g: tf.TensorInfo;
  m: tf.TensorInfo;
  v: tf.TensorInfo;
}

/**
 * The scalars that `ResourceApplyAdam` takes after the three variables. TensorFlow computes 1 - beta2 from the rounded beta2, which makes v
 * larger by `excess`: undone in what divides by its root. The powers of beta are 0, since the corrections for the moments' start are
 * in rate and epsilon already.
 */
export function adamScalars({ beta1, beta2, rate, epsilon }: AdamStep): number[] {
  const excess = Math.sqrt((1 - Math.fround(beta2)) / (1 - beta2)),
    small = (1 - Math.fround(beta1)) / (1 - beta1);
  return [0, 0, rate * excess / small, beta1, beta2, epsilon * excess];
}

/** The attributes of `ResourceApplyAdam`. */
export function adamAttributes({ binding }: NativeBackend): OpAttribute[] {
  return [
    { name: "T", type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
    ...["use_locking", "use_nesterov"].map((name) => ({ name, type: binding.TF_ATTR_BOOL, value: false })),
  ];
}

/** One step of Adam by `ResourceApplyAdam`, in place: gives the new parameter and changes the moments, which become variables. */
export function adamKernel(
  backend: NativeBackend,
  variables: Variables,
): (inputs: AdamInputs, step: AdamStep) => tf.TensorInfo {
  const { binding } = backend;
  const attributes = adamAttributes(backend);

  /** The step's numbers as TensorFlow's scalars, made once a step. */
  let scalars = { of: "", ids: [] as number[] };
  function scalarsOf(step: AdamStep): number[] {
    const values = adamScalars(step);
    if (scalars.of !== values.join()) {
      scalars.ids.forEach((id) => binding.deleteTensor(id));
      const ids = values.map((x) => binding.createTensor([], binding.TF_FLOAT, Float32Array.of(x)));
      scalars = { of: values.join(), ids };
    }
    return scalars.ids;
  }

  return ({ p, g, m, v }, step) => {
    // A parameter that others hold too keeps its values: a copy is changed in place of it.
    const shared = backend.tensorMap.get(p.dataId).refCount > 1;
    const next = shared ? copy(p) : p;
    const gradient = step.weightDecay === 0
      ? g
      : tf.tidy(() => tf.add(g as tf.Tensor, tf.mul(p as tf.Tensor, step.weightDecay)));
    const handles = [next, m, v].map((tensor) => variables.handle(tensor));
    for (const tensor of [next, m, v]) variables.release(tensor);
    const [id] = backend.getInputTensorIds([gradient]) as [number];
    binding.executeOp("ResourceApplyAdam", attributes, [...handles, ...scalarsOf(step), id], 0);
    if (gradient !== g) tf.dispose(gradient as tf.Tensor);
    if (!shared) backend.incRef(p.dataId); // the caller disposes the old parameter
    return { dataId: next.dataId, shape: p.shape, dtype: p.dtype };
  };

  /** A tensor of its own with the same values. */
  function copy({ dataId, shape, dtype }: tf.TensorInfo): tf.TensorInfo {
    const values = backend.readSync(dataId) as Float32Array;
    return { dataId: backend.write(values.slice(), shape as number[], dtype), shape, dtype };
  }
}
