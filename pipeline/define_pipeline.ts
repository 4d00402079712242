import type { Pipeline, PipelineInput } from "./schema.ts";
import { checkPipeline } from "./check_pipeline.ts";

type Common = Omit<PipelineInput, "method" | "macro" | "flow" | "network" | "losses" | "rows">;
type Network<Streams> = Omit<NonNullable<PipelineInput["network"]>, "streams"> & Streams;
type Losses = NonNullable<PipelineInput["losses"]>;
type Method = { readonly method?: "macro2micro"; readonly flow?: never };

/** Both streams under the guidance of macro data: every term and every ablation row. */
type Guided = Method & {
  macro: NonNullable<PipelineInput["macro"]>;
  network?: Network<{ streams?: "both" }>;
  losses?: Losses;
  rows?: NonNullable<PipelineInput["rows"]>;
};
/** No temporal stream: nothing to predict intervals from, nothing to align in time. */
type SpatialOnly = Method & {
  macro: NonNullable<PipelineInput["macro"]>;
  network: Network<{ streams: "spatial" }>;
  losses?: Omit<Losses, "relation" | "temporal">;
  rows?: ("lc" | "lc_ls" | "lc_lcon")[];
};
/** No spatial stream: no spatial to align. */
type TemporalOnly = Method & {
  macro: NonNullable<PipelineInput["macro"]>;
  network: Network<{ streams: "temporal" }>;
  losses?: Omit<Losses, "spatial">;
  rows?: ("lc" | "lc_lsam_lt" | "lc_lcon")[];
};
/** No macro source: L_c alone. */
type Unguided = Method & {
  macro?: never;
  network?: PipelineInput["network"];
  losses?: Pick<Losses, "classWeights">;
  rows?: "lc"[];
};
/** STSTNet reads optical flow and has no terms of its own. */
type Ststnet = {
  readonly method: "ststnet";
  flow: NonNullable<PipelineInput["flow"]>;
  macro?: never;
  network?: never;
  losses?: Pick<Losses, "classWeights">;
  rows?: never;
};

/** A pipeline as a TypeScript program writes it: a wrong composition does not compile. */
export type PipelineDefinition = Common & (Guided | SpatialOnly | TemporalOnly | Unguided | Ststnet);

/**
 * Checks a pipeline and fills in its defaults. What the types cannot say (an interval longer than the clip, a
 * composite of databases under `loso`) is thrown as one UserError that names every problem.
 *
 * @example
 * ```ts
 * import { definePipeline } from "@macro2micro/mer/pipeline";
 * import { assertEquals } from "@std/assert";
 *
 * const pipeline = definePipeline({
 *   name: "casme2",
 *   micro: { databases: ["casme2"], classes: "casme2-5" },
 *   macro: { databases: ["ckplus"] },
 *   losses: { spatial: {}, relation: {}, temporal: {}, contrastive: {} },
 * });
 * assertEquals(pipeline.losses.relation?.weight, 0.2);
 * ```
 */
export function definePipeline(definition: PipelineDefinition): Pipeline {
  return checkPipeline(definition, "definePipeline");
}
