import type * as tf from "@tensorflow/tfjs";
import {
  domainDiscriminator,
  fuse,
  type FuseOptions,
  relationClassifier,
  type SingleStreamOutput,
  type StreamMaps,
} from "../../models/mod.ts";
import type { Mode, Model, Params } from "../../types.ts";
import type { Row } from "../rows.ts";
import type { Pipeline } from "../schema.ts";
import type { ClipBatch } from "./clip_batch.ts";
import {
  type ExpressionNetwork,
  expressionNetwork,
  fuseOptions,
  networkSettings,
} from "./expression_network.ts";
import { below, under } from "./params.ts";

/** The names of the parameters that training changes. */
export function trainableNames(model: Pick<Model<never, unknown>, "parameters">): string[] {
  return model.parameters.filter((p) => p.trainable).map((p) => p.name);
}

/** MiNet, the three heads, and what is made of MaNet's maps, for one row. */
export class GuidedNetworks {
  readonly spatialDomain: Model<tf.Tensor4D, tf.Tensor2D>;
  readonly temporalDomain: Model<tf.Tensor4D, tf.Tensor2D>;
  readonly relation: Model<tf.Tensor4D, tf.Tensor2D>;
  readonly #minet: ExpressionNetwork;
  readonly #fuse: FuseOptions;
  readonly #macroTrained: boolean;

  constructor(pipeline: Pipeline, classes: number, row: Row) {
    const { width, intervals } = pipeline.network;
    const channels = 8 * width;
    const videoChannels = intervals.kind === "sequence"
      ? channels * (intervals.sequenceLength as number)
      : channels;
    this.#minet = expressionNetwork(pipeline, classes, row.videoFeature, "guided");
    this.#fuse = fuseOptions(networkSettings(pipeline, row.videoFeature));
    this.#macroTrained = pipeline.stages.guided.macroNetwork === "trained";
    this.spatialDomain = domainDiscriminator({ channels });
    this.temporalDomain = domainDiscriminator({ channels: videoChannels });
    this.relation = relationClassifier({ channels: videoChannels, intervals: intervals.count });
  }

  /** MiNet's forward pass. */
  micro(params: Params, input: ClipBatch, offsets: number[] | undefined, mode: Mode): SingleStreamOutput {
    return this.#minet.apply(params, offsets ? { ...input, offsets } : input, mode);
  }

  /** Features of a frozen MaNet from its kept maps. */
  macro(maps: StreamMaps, offsets: number[] | undefined): StreamMaps & ReturnType<typeof fuse> {
    return { ...maps, ...fuse(maps, this.#fuse, offsets) };
  }

  /** MaNet's forward pass where it is trained along, with batch statistics of macro clips only. */
  macroTrained(
    params: Params,
    input: ClipBatch,
    offsets: number[] | undefined,
    mode: Exclude<Mode, "infer">,
  ): SingleStreamOutput {
    const updates: Params = {};
    const output = this.#minet.apply(below(params, "manet."), offsets ? { ...input, offsets } : input, {
      ...mode,
      updates,
    });
    Object.assign(mode.updates, under(updates, "manet."));
    return output;
  }

  /** Fresh parameters of the heads that a row has, under their prefixes. */
  initHeads(row: Row, seed: number): Params {
    return Object.assign({}, ...this.#heads(row).map(([prefix, head]) => under(head.init(seed), prefix)));
  }

  /** MiNet's trainable parameters and those of the row's heads. */
  trainable(row: Row): string[] {
    const heads = this.#heads(row).flatMap(([prefix, head]) =>
      trainableNames(head).map((name) => prefix + name)
    );
    const networks = this.#macroTrained && row.terms.length > 0 ? ["minet.", "manet."] : ["minet."];
    return [
      ...networks.flatMap((prefix) => trainableNames(this.#minet).map((name) => prefix + name)),
      ...heads,
    ];
  }

  #heads(row: Row): [string, Model<tf.Tensor4D, tf.Tensor2D>][] {
    const heads: [Row["terms"][number], string, Model<tf.Tensor4D, tf.Tensor2D>][] = [
      ["spatial", "spatialDomain.", this.spatialDomain],
      ["relation", "relation.", this.relation],
      ["temporal", "temporalDomain.", this.temporalDomain],
    ];
    return heads.filter(([term]) => row.terms.includes(term)).map(([, prefix, head]) => [prefix, head]);
  }
}
