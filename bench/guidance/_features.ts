import * as tf from "@tensorflow/tfjs";
import { ClipStore } from "../../pipeline/clip_store.ts";
import { TrainingRecord } from "../../pipeline/training_record.ts";
import type { Plan, PlanClip } from "../../pipeline/plan.ts";
import { pipelineRows, type Row } from "../../pipeline/rows.ts";
import { clipBatch } from "../../pipeline/stages/clip_batch.ts";
import { GuidedNetworks } from "../../pipeline/stages/guided_networks.ts";
import { below } from "../../pipeline/stages/params.ts";
import type { Params } from "../../types.ts";

/** What the networks make of a clip, in inference mode. */
export interface ClipFeatures {
  readonly isMicro: boolean;
  readonly subject: string;
  /** Index into the classes, the macro clip's by the label map. */
  readonly classIndex: number;
  /** f^A, pooled; absent without a spatial stream. */
  readonly apex: Float32Array | undefined;
  /** v(s) without offset, pooled, for each s; none without a temporal stream. */
  readonly video: readonly Float32Array[];
  readonly z: Float32Array;
  /** Right answers of C_s, see {@linkcode relationHits}; without C_s absent. */
  readonly relation?: { readonly none: readonly number[]; readonly random: readonly number[] };
  /** Logits of the network's own D_s, D_t (mean over s), where it has them; above 0 says micro. */
  readonly ownSpatial?: number;
  readonly ownTemporal?: number;
  /** Whether C_e names the class. */
  readonly right: boolean;
}

/** Features of micro clips through MiNet (`params`), or of macro clips through MaNet. */
export function clipFeatures(
  plan: Plan,
  positions: readonly number[],
  isMicro: boolean,
  params: Params,
  manet: Params,
): ClipFeatures[] {
  const { pipeline, classes } = plan;
  const row = pipelineRows(pipeline)[0] as Row;
  const networks = new GuidedNetworks(pipeline, classes.length, row);
  const clips = isMicro ? plan.micro : plan.macro;
  const store = new ClipStore(clips, pipeline, new TrainingRecord(), isMicro ? "micro" : "macro");
  return positions.map((i) => {
    const input = clipBatch([store.get(i)], pipeline.clip);
    const { database, subject, classIndex } = clips[i] as PlanClip;
    const made = tf.tidy(() => {
      const net = isMicro ? below(params, "minet.") : manet; // MiNet and MaNet have one form
      const { apexMap, frameMaps, intervalMaps, z, logits } = networks.micro(net, input, undefined, "infer");
      const pooled = (map: tf.Tensor) => tf.mean(map, [1, 2]).dataSync().slice() as Float32Array;
      const logit = (prefix: "spatialDomain" | "temporalDomain", maps: readonly tf.Tensor4D[]) => {
        if (!(`${prefix}.fc.weight` in params)) return undefined;
        const values: ArrayLike<number> = networks[prefix].apply(
          below(params, `${prefix}.`),
          tf.concat([...maps], 0),
          "infer",
        )
          .dataSync();
        return Array.from(values).reduce((a, b) => a + b) / values.length;
      };
      const hits = (offsets?: number[]) =>
        relationHits(networks, params, networks.macro({ frameMaps: frameMaps! }, offsets).intervalMaps);
      const largest = 2 ** (pipeline.network.intervals.count - 1);
      const ownSpatial = apexMap ? logit("spatialDomain", [apexMap]) : undefined,
        ownTemporal = intervalMaps.length ? logit("temporalDomain", intervalMaps) : undefined;
      return {
        apex: apexMap ? pooled(apexMap) : undefined,
        video: intervalMaps.map(pooled),
        z: z.dataSync().slice() as Float32Array,
        right: tf.argMax(logits, 1).dataSync()[0] === classIndex,
        ...(ownSpatial === undefined ? {} : { ownSpatial }),
        ...(ownTemporal === undefined ? {} : { ownTemporal }),
        ...("relation.fc.weight" in params
          ? {
            relation: {
              none: hits(),
              // Offset k mod s for s, k = 0 ... : every offset of every s equally often, so that the mean is exact.
              random: Array.from({ length: largest }, (_, k) =>
                hits(offsetsOf(pipeline.network.intervals.count, k)))
                .reduce((sum, hit) =>
                  sum.map((h, s) =>
                    h + hit[s]! / largest
                  ), Array<number>(pipeline.network.intervals.count).fill(0)),
            },
          }
          : {}),
      };
    });
    tf.dispose(input as unknown as tf.TensorContainer);
    return { isMicro, subject: `${database}/${subject}`, classIndex, ...made };
  });
}

function offsetsOf(count: number, k: number): number[] {
  return Array.from({ length: count }, (_, i) => k % 2 ** i);
}

/** 1 where C_s names the interval of v(s), else 0, for each s. */
function relationHits(networks: GuidedNetworks, params: Params, maps: readonly tf.Tensor4D[]): number[] {
  const logits = networks.relation.apply(below(params, "relation."), tf.concat([...maps], 0), "infer"); // (s_c, s_c)
  return Array.from(tf.argMax(logits, 1).dataSync(), (said, s) => said === s ? 1 : 0);
}
