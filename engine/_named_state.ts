import * as tf from "@tensorflow/tfjs";
import type { Params } from "../types.ts";

/** The tensors that an optimiser keeps for each parameter, all zeros at first, and its count of steps. */
export class NamedState {
  /** Steps made. */
  steps = 0;
  readonly #slots: readonly string[];
  #tensors = new Map<string, tf.Tensor[]>();

  /** The slots' names, as in the state's keys: `exp_avg/layer1.0.conv1.weight`. */
  constructor(slots: readonly string[]) {
    this.#slots = slots;
  }

  /** The parameter and its slots. */
  of(params: Params, name: string, grad?: tf.Tensor): { parameter: tf.Tensor; slots: tf.Tensor[] } {
    const parameter = params[name];
    if (parameter === undefined) {
      throw new RangeError(`Cannot step: there is no parameter ${name} for its gradient`);
    }
    if (grad !== undefined && String(parameter.shape) !== String(grad.shape)) {
      throw new RangeError(
        `Cannot step: gradient of ${name} must have shape [${parameter.shape}], current shape is [${grad.shape}]`,
      );
    }
    let slots = this.#tensors.get(name);
    if (slots === undefined) {
      slots = this.#slots.map(() => tf.keep(tf.zerosLike(parameter)));
      this.#tensors.set(name, slots);
    }
    return { parameter, slots };
  }

  /** Puts new tensors in the place of old ones, which are disposed; without `slots` these stay. */
  replace(params: Params, name: string, parameter: tf.Tensor, slots?: tf.Tensor[]): void {
    params[name]?.dispose();
    params[name] = tf.keep(parameter);
    if (slots === undefined) return;
    tf.dispose(this.#tensors.get(name) ?? []);
    this.#tensors.set(name, slots.map((slot) => tf.keep(slot)));
  }

  /** Copies (not clones, which would share values that a fused kernel changes in place) of all slots, and the count of steps as `step`. */
  copies(): Params {
    const state: Params = { step: tf.scalar(this.steps) };
    for (const [name, slots] of this.#tensors) {
      slots.forEach((slot, i) => state[`${this.#slots[i]}/${name}`] = slot.mul(1));
    }
    return state;
  }

  /** Takes copies of a state's tensors in place of the present ones. */
  restore(state: Params): void {
    const step = state["step"];
    if (step === undefined) throw new RangeError("Cannot restore optimiser: the state lacks step");
    const tensors = new Map<string, tf.Tensor[]>();
    for (const [key, tensor] of Object.entries(state)) {
      if (key === "step") continue;
      const slash = key.indexOf("/");
      const [slot, name] = [this.#slots.indexOf(key.slice(0, slash)), key.slice(slash + 1)];
      if (slot < 0) throw new RangeError(`Cannot restore optimiser: unknown tensor ${key}`);
      const slots = tensors.get(name) ?? [];
      slots[slot] = tf.keep(tensor.mul(1));
      tensors.set(name, slots);
    }
    this.dispose();
    this.steps = step.dataSync()[0] ?? 0;
    this.#tensors = tensors;
  }

  /** Disposes all slots. */
  dispose(): void {
    for (const slots of this.#tensors.values()) tf.dispose(slots);
    this.#tensors.clear();
    this.steps = 0;
  }
}
