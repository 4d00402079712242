import * as tf from "@tensorflow/tfjs";
import type { AdamStep } from "../_adam_step.ts";
import {
  type AdamTensors,
  type RecordedUpdate,
  type Recorder,
  type Recording,
  recording,
  type Replay,
} from "../_recorder.ts";
import { adamAttributes, adamScalars } from "./_adam.ts";
import { graphDef, type GraphNode } from "./_graph_def.ts";
import type { NativeBackend } from "./_load_backend.ts";
import { Trace } from "./_trace.ts";
import type { Variables } from "./_variables.ts";

/** Records functions as functions of TensorFlow's. */
export function nativeRecorder(backend: NativeBackend, variables: Variables): Recorder {
  return {
    record(f, inputs, changing) {
      const trace = new Trace(backend, inputs, changing);
      const outer = recording.listener;
      recording.listener = trace;
      try {
        return { result: trace.listen(f), recording: recordingOf(trace, backend, variables) };
      } catch (error) {
        trace.release();
        throw error;
      } finally {
        recording.listener = outer;
      }
    },
  };
}

function recordingOf(trace: Trace, backend: NativeBackend, variables: Variables): Recording {
  return {
    get problem() {
      return trace.problem;
    },
    finish(outputs, updates, groups) {
      return new NativeReplay(trace, outputs, updates, groups, backend, variables);
    },
    dispose: () => trace.release(),
  };
}

let functions = 0;

class NativeReplay implements Replay {
  readonly draws: boolean;
  readonly #trace: Trace;
  readonly #backend: NativeBackend;
  readonly #variables: Variables;
  readonly #name = `m2m_step_${functions++}`;
  readonly #outputs: number;

  constructor(
    trace: Trace,
    outputs: readonly tf.Tensor[],
    updates: readonly RecordedUpdate[],
    groups: number,
    backend: NativeBackend,
    variables: Variables,
  ) {
    this.draws = trace.arguments.some(({ argument }) => argument.kind === "made");
    this.#trace = trace;
    this.#backend = backend;
    this.#variables = variables;
    this.#outputs = outputs.length;
    const { binding } = backend;
    const nodes = functionNodes(trace, outputs, updates, groups, backend);
    const { inputs, rest } = nodes;
    binding.addFunction!(this.#name, graphDef([...inputs, ...rest], binding), inputs.length, outputs.length);
  }

  run(
    inputs: readonly tf.Tensor[],
    changing: readonly AdamTensors[],
    numbers: readonly AdamStep[],
    meanwhile?: () => void,
  ): tf.Tensor[] {
    const { binding, tensorMap } = this.#backend;
    for (const { check, inputs: which } of this.#trace.checks) {
      check(...which.map((index) => inputs[index] as tf.Tensor));
    }
    const passing: tf.Tensor[] = [];
    const ids = this.#trace.arguments.map(({ argument }) => {
      switch (argument.kind) {
        case "input":
          return this.#backend.getInputTensorIds([inputs[argument.index] as tf.Tensor])[0] as number;
        case "made": {
          if (argument.first !== undefined) return tensorMap.get(argument.first).id;
          const tensor = argument.make();
          passing.push(tensor);
          return this.#backend.getInputTensorIds([tensor])[0] as number;
        }
        case "kept":
          return tensorMap.get(argument.dataId).id;
      }
    });
    const scalars = numbers.flatMap((step) => adamScalars(step))
      .map((x) => binding.createTensor([], binding.TF_FLOAT, Float32Array.of(x)));
    const states = changing.flatMap(({ p, m, v }) => [p, m, v]);
    const handles = states.map((tensor) => this.#variables.handle(tensor));
    for (const tensor of states) this.#variables.release(tensor);
    try {
      const call = [this.#name, [], [...ids, ...scalars, ...handles], this.#outputs] as const;
      const made = meanwhile && binding.executeBeside
        ? binding.executeBeside(meanwhile, ...call)
        : binding.executeOp(...call);
      return made.map((output) => this.#backend.createOutputTensor(output));
    } finally {
      scalars.forEach((id) => binding.deleteTensor(id));
      tf.dispose(passing);
      this.#trace.release("made");
    }
  }

  dispose(): void {
    this.#trace.release();
    this.#backend.binding.removeFunction!(this.#name);
  }
}

/** The function's arguments as placeholders, and the nodes that compute. */
function functionNodes(
  trace: Trace,
  outputs: readonly tf.Tensor[],
  updates: readonly RecordedUpdate[],
  groups: number,
  backend: NativeBackend,
): { inputs: GraphNode[]; rest: GraphNode[] } {
  const { binding } = backend;
  const type = (name: string, value: number) => ({ name, type: binding.TF_ATTR_TYPE, value });
  const float = type("dtype", binding.TF_FLOAT);
  const outs = outputs.map((tensor, i): GraphNode => ({
    name: `o${i}`,
    op: "Identity",
    inputs: [trace.placeOf(tensor)],
    attributes: [type("T", backend.tensorMap.get(tensor.dataId).dtype)],
  }));
  const gradients = updates.map(({ gradient }) => trace.placeOf(gradient));
  const inputs: GraphNode[] = [];
  const placeholder = (dtype: number): string => {
    const name = `i${inputs.length}`;
    inputs.push({ name, op: "Placeholder", inputs: [], attributes: [type("dtype", dtype)] });
    return name;
  };
  for (const { dtype } of trace.arguments) placeholder(dtype);
  const scalars = Array.from(
    { length: groups },
    () => Array.from({ length: 6 }, () => placeholder(binding.TF_FLOAT)),
  );
  const readers = new Map<string, string[]>();
  const nodes = [...trace.nodes];
  for (const { name, inputs } of trace.nodes) {
    for (const input of inputs) readers.set(input, [...(readers.get(input) ?? []), name]);
  }
  const done: string[] = [];
  updates.forEach(({ parameter, group, weightDecay }, i) => {
    const handles = [0, 1, 2].map(() => placeholder(binding.TF_RESOURCE));
    const value = `p${parameter}`;
    nodes.push({ name: value, op: "ReadVariableOp", inputs: [handles[0] as string], attributes: [float] });
    let gradient = gradients[i] as string;
    // The update waits for all that read the parameter: TensorFlow would copy what others still hold.
    const before = [...new Set(readers.get(value) ?? [])];
    if (weightDecay !== 0) {
      const factor = Float32Array.of(weightDecay);
      const T = [type("T", binding.TF_FLOAT)];
      nodes.push({
        name: `w${i}`,
        op: "Const",
        inputs: [],
        attributes: [],
        value: { dtype: binding.TF_FLOAT, shape: [], values: factor },
      });
      nodes.push({ name: `x${i}`, op: "Mul", inputs: [value, `w${i}`], attributes: T });
      nodes.push({ name: `g${i}`, op: "AddV2", inputs: [gradient, `x${i}`], attributes: T });
      before.push(`x${i}`);
      gradient = `g${i}`;
    }
    nodes.push({
      name: `u${i}`,
      op: "ResourceApplyAdam",
      inputs: [...handles, ...(scalars[group] as string[]), gradient, ...before.map((name) => `^${name}`)],
      attributes: adamAttributes(backend),
    });
    done.push(`^u${i}`);
  });
  return { inputs, rest: [...nodes, ...outs, { name: "done", op: "NoOp", inputs: done, attributes: [] }] };
}
