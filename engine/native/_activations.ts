import * as tf from "@tensorflow/tfjs";
import type { NativeBackend, OpAttribute } from "./_load_backend.ts";

/**
 * 1 where x is positive, else alpha: the gradient of leaky ReLU at ones, where the package takes nine operations. (It also
 * passes on what is not a number, here that gives alpha.)
 */
export function step(
  { x }: { x: tf.TensorInfo },
  { alpha }: { alpha: number },
  backend: NativeBackend,
  packaged: (inputs: tf.NamedTensorInfoMap, attrs: tf.NamedAttrMap) => tf.TensorInfo,
): tf.TensorInfo {
  if (x.dtype !== "float32") return packaged({ x }, { alpha });
  const slope = { name: "alpha", type: backend.binding.TF_ATTR_FLOAT, value: alpha };
  return tf.tidy(() =>
    backend.executeSingleOutput("LeakyReluGrad", [type(backend), slope], [
      tf.ones(x.shape) as tf.TensorInfo,
      x,
    ])
  );
}

/** The gradient of ReLU in one operation; `y` may be its input or its output. */
export function reluGrad(
  { dy, y }: { dy: tf.TensorInfo; y: tf.TensorInfo },
  _attrs: unknown,
  backend: NativeBackend,
): tf.TensorInfo {
  return backend.executeSingleOutput("ReluGrad", [type(backend)], [dy, y]);
}

/**
 * Has ReLU's gradient computed by `M2MReluGrad` where the engine has that. Gradients are the same for all engines in
 * tfjs, so this one looks which engine runs.
 */
export function registerReluGradient(): void {
  const packaged = tf.getGradient("Relu");
  tf.unregisterGradient("Relu"); // registering in its place would warn
  tf.registerGradient({
    ...packaged,
    kernelName: "Relu",
    gradFunc: (dy, saved, attrs) => {
      if (tf.getKernel("M2MReluGrad", tf.getBackend()) === undefined) {
        return packaged.gradFunc(dy, saved, attrs);
      }
      const [y] = saved as [tf.Tensor];
      return { x: () => tf.engine().runKernel("M2MReluGrad", { dy: dy as tf.Tensor, y }) as tf.Tensor };
    },
  });
}

function type({ binding }: NativeBackend): OpAttribute {
  return { name: "T", type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT };
}
