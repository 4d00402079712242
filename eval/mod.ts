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
export { type Chance, chance, type ChanceFigures, type ChanceOptions } from "./chance.ts";
export { leaveOneSubjectOut } from "./leave_one_subject_out.ts";
export {
  megc2019Classes,
  type Megc2019LogOptions,
  readMegc2019Log,
  writeMegc2019Log,
} from "./megc2019_log.ts";
export { type PooledScoreFiles, poolScoreFiles } from "./pool_score_files.ts";
export { readPredictions, type ReadPredictionsOptions, writePredictions } from "./predictions_csv.ts";
export { type ClassScore, type Figures, type PartScore, type Score, score } from "./score.ts";
export { readScoreFile, type ScoreFile, type ScoreFileOptions } from "./score_file.ts";
export { type ScoreRow, scoreTable, type ScoreTableOptions } from "./score_table.ts";
export { type Summary, summary } from "./summary.ts";
