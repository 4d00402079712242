/**
 * Protocols and scores of micro-expression recognition: leave-one-subject-out folds, figures pooled over folds, what chance would
 * score, and the files that predictions are kept in. Works on anything that names its clips; knows nothing of tensors.
 *
 * How the scores are defined, and why they are pooled, is told in `docs/scores.md`.
 *
 * @example
 * ```ts
 * import { leaveOneSubjectOut, score } from "@macro2micro/mer/eval";
 * import { assertEquals } from "@std/assert";
 *
 * const samples = ["a", "b", "c"].map((subject, i) => ({ database: "smic", subject, clip: "1", classIndex: i % 2 }));
 * const predictions = leaveOneSubjectOut(samples).flatMap((fold) =>
 *   fold.test.map((i) => {
 *     const { database, subject, clip, classIndex } = samples[i]!;
 *     return { database, subject, clip, truth: classIndex, prediction: 0 };
 *   })
 * );
 * assertEquals(score(predictions, ["negative", "positive"]).uar, 0.5);
 * ```
 *
 * @module
 */
export * from "./ablation.ts";
export * from "./ablation_text.ts";
export * from "./bootstrap_interval.ts";
export * from "./chance.ts";
export * from "./combine_seeds.ts";
export * from "./compare_runs.ts";
export * from "./comparison_text.ts";
export * from "./csv_table.ts";
export * from "./holm.ts";
export * from "./latex_rows.ts";
export * from "./hold_out_database.ts";
export * from "./leave_one_subject_out.ts";
export * from "./leave_subjects_out.ts";
export * from "./mcnemar.ts";
export * from "./mean_interval.ts";
export * from "./method_comparison.ts";
export * from "./method_comparison_text.ts";
export * from "./over_seeds_table.ts";
export * from "./paired_difference.ts";
export { peekMark, peekMeaning, writePeekedPredictions } from "./peeked_predictions.ts";
export * from "./pool_score_files.ts";
export { megc2019Classes, type Megc2019LogOptions, readMegc2019Log } from "./read_megc2019_log.ts";
export { readPredictions, type ReadPredictionsOptions } from "./read_predictions.ts";
export * from "./published/published_results.ts";
export { publishedText } from "./published/published_text.ts";
export * from "./same_person.ts";
export * from "./score.ts";
export * from "./score_file.ts";
export * from "./score_table.ts";
export * from "./scores_over_seeds.ts";
export * from "./summary.ts";
export * from "./text_table.ts";
export * from "./wilcoxon_signed_rank.ts";
export * from "./write_megc2019_log.ts";
export * from "./write_predictions.ts";
export { type ClipIdentity, type Fold, type Prediction, UserError } from "../types.ts";
