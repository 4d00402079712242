import * as tf from "@tensorflow/tfjs";
import Module, { createRequire } from "node:module";
import { existsSync, realpathSync } from "node:fs";
import { UserError } from "../../types.ts";
import { quietly } from "./_quietly.ts";

/** An attribute of a TensorFlow operation. */
export interface OpAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: unknown;
}

/** The compiled binding: its constants, and what our kernels call. Tensors are numbers there. */
export interface NativeBinding {
  readonly TF_FLOAT: number;
  readonly TF_INT32: number;
  readonly TF_RESOURCE: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_FLOAT: number;
  readonly TF_ATTR_INT: number;
  readonly TF_ATTR_SHAPE: number;
  readonly TF_ATTR_STRING: number;
  readonly TF_ATTR_TYPE: number;
  createTensor(shape: readonly number[], dtype: number, values: tf.TypedArray): number;
  deleteTensor(id: number): void;
  executeOp(
    name: string,
    attributes: readonly OpAttribute[],
    inputs: readonly number[],
    outputs: number,
  ): NativeTensor[];
  /**
   * Of our `functions.cc`: makes an operation `name` out of the bytes of a GraphDef with `inputs` placeholders i0, i1, ...,
   * `outputs` nodes o0, o1, ... and a node `done`. Missing from a binding that was built without it.
   */
  addFunction?(name: string, graph: Uint8Array, inputs: number, outputs: number): void;
  /** Of the same file: forgets it. */
  removeFunction?(name: string): void;
  /** Of the same file: the bytes of an operation's OpDef. */
  operation?(name: string): Uint8Array;
  /** Of the same file: `executeOp` on another thread, and `meanwhile`, which must not throw, on this one. Missing from an older binding. */
  executeBeside?(
    meanwhile: () => void,
    name: string,
    attributes: readonly OpAttribute[],
    inputs: readonly number[],
    outputs: number,
  ): NativeTensor[];
}

/** A tensor of the binding's. */
export interface NativeTensor {
  readonly id: number;
  readonly shape: number[];
  readonly dtype: number;
}

/** What the package's backend knows of a tensor's values. */
export interface NativeData {
  /** The tensor in the binding; -1 while `values` wait to be written there. */
  id: number;
  readonly dtype: number;
  values: unknown;
  refCount: number;
}

/** The package's backend, as far as our kernels use it. */
export interface NativeBackend extends tf.KernelBackend {
  readonly binding: NativeBinding;
  readonly isUsingGpuDevice: boolean;
  readonly tensorMap: { get(dataId: tf.DataId): NativeData };
  getInputTensorIds(tensors: readonly tf.TensorInfo[]): number[];
  createOutputTensor(tensor: NativeTensor): tf.Tensor;
  executeSingleOutput(
    name: string,
    attributes: readonly OpAttribute[],
    inputs: readonly tf.TensorInfo[],
  ): tf.Tensor;
  executeMultipleOutputs(
    name: string,
    attributes: readonly OpAttribute[],
    inputs: readonly tf.TensorInfo[],
    outputs: number,
  ): tf.Tensor[];
}

/** Node's loader of modules; Deno has it too. */
type Loader = { _load(request: string, ...rest: unknown[]): unknown };

/**
 * Loads the package's kernels and its binding, on this program's own copy of tfjs: the package's main file would load a
 * second one, whose tensors and backends are others.
 *
 * @param home The package's folder.
 */
export function loadBackend(home: string): { version: string; backend: NativeBackend } {
  const loader = Module as unknown as Loader;
  const load = loader._load;
  const union = (tf as { default?: unknown }).default ?? tf;
  try {
    const require = createRequire(`${realpathSync(home)}/package.json`);
    // Two helpers that Node 23 removed from util and the package still calls.
    const util = require("node:util");
    util.isNullOrUndefined ??= (x: unknown) => x === null || x === undefined;
    util.isArray ??= Array.isArray;
    loader._load = function (request, ...rest) {
      return /^@tensorflow\/tfjs(-core)?$/.test(request) ? union : load.call(this, request, ...rest);
    };
    const version = ["8", "9", "10"].find((v) => existsSync(`${home}/lib/napi-v${v}/tfjs_binding.node`));
    const binding = quietly(() => require(`./lib/napi-v${version}/tfjs_binding.node`));
    require("./dist/register_all_kernels.js");
    const { NodeJSKernelBackend } = require("./dist/nodejs_kernel_backend.js");
    return {
      version: binding.TF_Version,
      backend: new NodeJSKernelBackend(binding, "@tensorflow/tfjs-node-gpu"),
    };
  } catch (error) {
    throw new UserError(
      `The native engine in ${home} cannot be loaded (${
        (error as Error).message.split("\n")[0]
      }); run m2m engine uninstall and m2m engine install, or choose the wasm engine.`,
    );
  } finally {
    loader._load = load;
  }
}
