/**
 * The typed definition of an experiment, its YAML form, and the training stages that it composes.
 *
 * @module
 */
export { ablationPipeline, type AblationReport, isAblation, readAblation, writeAblation } from "./ablate.ts";
export { comparisonMethods, type ComparisonName, isComparisonName } from "./comparison_methods.ts";
export { type AuditOptions, auditRun } from "./audit/audit_run.ts";
export { type AuditReport, type Finding, type FindingKind } from "./audit/finding.ts";
export * from "./define_pipeline.ts";
export { pipelineJsonSchema } from "./json_schema.ts";
export { type PeekedResults, type PeekedSummary } from "./peeked_results.ts";
export { type RowOverSeeds, type RowScores, type RunResults } from "./results.ts";
export { type RunSource, runsToCompare, type RunsToCompareOptions } from "./runs_to_compare.ts";
export type { ProgressForm, RunProgress, WorkItem } from "./progress/run_progress.ts";
export { type RunOptions, runPipeline, submitPipeline, type SubmittedRun } from "./run.ts";
export type { SlurmOptions } from "./launch/slurm.ts";
export { type RunStatus, runStatus, type StatusOptions, type UnitStatus } from "./run_status.ts";
export { type Standing } from "./standing.ts";
export { statusText } from "./status_text.ts";
export { type FinishedRow, type FinishedRun, readRun } from "./read_run.ts";
export { readPipeline } from "./read_pipeline.ts";
export { isSuite, readExperiment, type Suite } from "./suite/read_suite.ts";
export { runSuite, type SuiteResults } from "./suite/run_suite.ts";
export { suiteJsonSchema } from "./suite/suite_schema.ts";
export { isSuiteFolder, readSuite, type SuiteReport } from "./suite/suite_table.ts";
export { type SelectionResults } from "./selection_results.ts";
export { type GatherOptions, gatherReport } from "./report/gather_report.ts";
export { writeReport } from "./report/write_report.ts";
export {
  ablationRows,
  type GuidanceTerm,
  type Pipeline,
  type PipelineInput,
  type RowName,
  type SlurmSettings,
} from "./schema.ts";
