import { checkLabels } from "./check_labels.ts";
import { checkPixels } from "./check_pixels.ts";
import { checkPredictions } from "./check_predictions.ts";
import { checkReads } from "./check_reads.ts";
import { checkSelection } from "./check_selection.ts";
import { checkSplits } from "./check_splits.ts";
import { checkStatistics } from "./check_statistics.ts";
import { checkWeights } from "./check_weights.ts";
import { readEvidence } from "./evidence.ts";
import { type AuditReport, Findings } from "./finding.ts";
import { presentPixels } from "./present_pixels.ts";

/** Options of {@linkcode auditRun}. */
export interface AuditOptions {
  /** The folder of the databases. @default the one that the run read */
  readonly data?: string;
  /** Persons that are known beside those of the pipeline: groups of `database/subject`. @default [] */
  readonly identities?: readonly (readonly string[])[];
  /** Hears how it goes on. @default nobody */
  readonly say?: (line: string) => void;
}

/**
 * Audits a run: whether a clip, a label, a statistic or a network of somebody who is tested reached the training that is tested on them. Splits are found
 * anew from the sample list, clips are decoded anew from the databases, and both are compared with what training recorded at the
 * lowest level. docs/audit.md says what that proves and what it cannot.
 *
 * @param run The run folder.
 * @throws {UserError} If the folder is no run, or the databases that are there cannot be read.
 *
 * @example
 * ```ts
 * import { auditRun, definePipeline, runPipeline } from "@macro2micro/mer/pipeline";
 * import { assertEquals } from "@std/assert";
 *
 * const out = await Deno.makeTempDir();
 * const pipeline = definePipeline({ name: "x", method: "lbp-sip", micro: { databases: ["smic"] } });
 * await runPipeline(pipeline, { out, resume: true, small: true, quiet: true });
 * assertEquals((await auditRun(out)).findings, []);
 * await Deno.remove(out, { recursive: true });
 * ```
 */
export async function auditRun(run: string, options: AuditOptions = {}): Promise<AuditReport> {
  const { identities = [], say = () => {} } = options;
  const folder = run.replace(/\/+$/, "");
  const evidence = await readEvidence(folder, identities);
  const { plan } = evidence;
  const findings = new Findings();
  const notes: string[] = [];
  const data = options.data ?? plan.data;
  const present = await presentPixels(plan, data, findings, say);
  if (!present) {
    notes.push(
      `there is no folder ${data}: labels and pixels were not compared with the databases; name their folder with --data`,
    );
  }
  if (plan.peek) {
    findings.add(
      "peek",
      "run",
      "it was run with --peek: whatever is marked PEEKED was chosen on the tested clips and is no result",
    );
  }
  const checks = [
    checkSplits(evidence, findings),
    checkReads(evidence, findings),
    checkLabels(evidence, findings),
    checkStatistics(evidence, findings),
    checkPixels(evidence, present, findings),
    await checkWeights(evidence, findings),
    checkSelection(evidence, findings),
    await checkPredictions(evidence, findings),
  ].filter((line) => line !== undefined);
  const list = findings.list();
  return { run: folder, clean: list.length === 0, checks, notes, findings: list };
}
