import type { Optimiser } from "../../engine/mod.ts";
import type { Params } from "../../types.ts";
import { below, under } from "./params.ts";

/**
 * Two optimisers as one: the heads (D_s, D_t, C_s) learn `factor` times as fast as the networks below them. Adam makes steps of the
 * learning rate whatever the size of the gradients, so weights of losses cannot do this.
 *
 * @param networks Steps MiNet, and MaNet where it is trained along (names under `minet.` and `manet.`).
 * @param heads Steps everything else.
 */
export function twoRates(networks: Optimiser, heads: Optimiser, factor: number): Optimiser {
  const ofNetwork = (name: string) => name.startsWith("minet.") || name.startsWith("manet.");
  const part = (all: Params, keep: (name: string) => boolean): Params =>
    Object.fromEntries(Object.entries(all).filter(([name]) => keep(name)));
  const both: Optimiser = {
    learningRate: networks.learningRate,
    step(params, grads) {
      networks.learningRate = this.learningRate;
      heads.learningRate = this.learningRate * factor;
      networks.step(params, part(grads, ofNetwork));
      heads.step(params, part(grads, (name) => !ofNetwork(name)));
    },
    state: () => ({ ...under(networks.state(), "networks/"), ...under(heads.state(), "heads/") }),
    restore(state) {
      networks.restore(below(state, "networks/"));
      heads.restore(below(state, "heads/"));
    },
    dispose() {
      networks.dispose();
      heads.dispose();
    },
  };
  if (!networks.groups || !heads.groups) return both;
  both.groups = (names) => {
    networks.learningRate = both.learningRate;
    heads.learningRate = both.learningRate * factor;
    return [
      ...networks.groups?.(names.filter(ofNetwork)) ?? [],
      ...heads.groups?.(names.filter((name) => !ofNetwork(name))) ?? [],
    ];
  };
  return both;
}
