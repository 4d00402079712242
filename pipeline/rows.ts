import { comparisonMethod } from "./check_method.ts";
import { ablationRows, type GuidanceTerm, guidanceTerms, type Pipeline, type RowName } from "./schema.ts";

/** One row of a run: which terms of Eq. 8 guide MiNet, and which video feature its networks use. */
export interface Row {
  /** Its folder's name. */
  readonly name: string;
  /** Its name in tables. */
  readonly title: string;
  /** The terms beside L_c, in the order of Eq. 8. */
  readonly terms: readonly GuidanceTerm[];
  /** v of section 2.2 (mean) or of section 2.4 (intervals). */
  readonly videoFeature: "mean" | "intervals";
}

/**
 * The rows that a pipeline runs, in its order; the last stands at the top of the run folder. Without `rows` there is
 * one: the losses as given, under the name of the ablation row that has the same terms, else `custom`.
 */
export function pipelineRows(pipeline: Pipeline): Row[] {
  const comparison = comparisonMethod(pipeline.method);
  if (comparison) {
    return [{ name: comparison.name, title: comparison.title, terms: [], videoFeature: "mean" }];
  }
  if (pipeline.rows) return pipeline.rows.map((name) => row(pipeline, name, ablationRows[name]));
  const terms = guidanceTerms.filter((term) => pipeline.losses[term]);
  const same = (Object.keys(ablationRows) as RowName[]).find((name) =>
    ablationRows[name].terms.join() === terms.join()
  );
  return [
    same
      ? row(pipeline, same, ablationRows[same])
      : row(pipeline, "custom", { title: ["L_c", ...terms].join(" + "), terms }),
  ];
}

/** A row's name in tables of results, with what was unusual about its training. */
export function rowTitle({ shuffleLabels }: Pipeline, { title }: Row): string {
  return shuffleLabels ? `${title}, trained on shuffled labels` : title;
}

function row(
  pipeline: Pipeline,
  name: string,
  { title, terms }: { title: string; terms: readonly GuidanceTerm[] },
): Row {
  const { videoFeature } = pipeline.network;
  const automatic = terms.includes("relation") ? "intervals" : "mean";
  return { name, title, terms, videoFeature: videoFeature === "auto" ? automatic : videoFeature };
}
