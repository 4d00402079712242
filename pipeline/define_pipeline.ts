import type { comparisonMethods, ComparisonName } from "./comparison_methods.ts";
import type { z } from "zod";
import type { Pipeline, PipelineInput } from "./schema.ts";
import { checkPipeline } from "./check_pipeline.ts";

/** What every pipeline has, whatever it composes. */
export type Common = Omit<
  PipelineInput,
  "method" | "methodSettings" | "macro" | "flow" | "network" | "losses" | "rows"
>;
/** The network with its streams fixed. */
export type NetworkOf<Streams> = Omit<NonNullable<PipelineInput["network"]>, "streams"> & Streams;
/** Every term of Eq. 8. */
export type AllLosses = NonNullable<PipelineInput["losses"]>;
/** The paper's method, which reads frames. */
export type PaperMethod = {
  readonly method?: "macro2micro";
  readonly flow?: never;
  readonly methodSettings?: never;
};

/** Both streams under the guidance of macro data: every term and every ablation row. */
export type Guided = PaperMethod & {
  macro: NonNullable<PipelineInput["macro"]>;
  network?: NetworkOf<{ streams?: "both" }>;
  losses?: AllLosses;
  rows?: NonNullable<PipelineInput["rows"]>;
};
/** No temporal stream: nothing to predict intervals from, nothing to align in time. */
export type SpatialOnly = PaperMethod & {
  macro: NonNullable<PipelineInput["macro"]>;
  network: NetworkOf<{ streams: "spatial" }>;
  losses?: Omit<AllLosses, "relation" | "temporal">;
  rows?: ("lc" | "lc_ls" | "lc_lcon")[];
};
/** No spatial stream: no appearance to align. */
export type TemporalOnly = PaperMethod & {
  macro: NonNullable<PipelineInput["macro"]>;
  network: NetworkOf<{ streams: "temporal" }>;
  losses?: Omit<AllLosses, "spatial">;
  rows?: ("lc" | "lc_lsam_lt" | "lc_lcon")[];
};
/** No macro source: L_c alone. */
export type Unguided = PaperMethod & {
  macro?: never;
  network?: PipelineInput["network"];
  losses?: Pick<AllLosses, "classWeights">;
  rows?: "lc"[];
};
/** A comparison method with its own settings. */
export type Comparison = {
  [Name in ComparisonName]: {
    readonly method: Name;
    readonly methodSettings?: z.input<(typeof comparisonMethods)[Name]["settings"]>;
    flow?: PipelineInput["flow"];
    macro?: never;
    network?: never;
    losses?: never;
    rows?: never;
  };
}[ComparisonName];

/** A pipeline as a TypeScript program writes it: a wrong composition does not compile. */
export type PipelineDefinition =
  & Common
  & (Guided | SpatialOnly | TemporalOnly | Unguided | Comparison);

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
