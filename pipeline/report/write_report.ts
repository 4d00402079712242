import { eventFile, type Report, reportPage, type ReportRun, scalarsOf } from "../../eval/report/mod.ts";
import { writeWhole } from "../write_whole.ts";
import { gatherReport } from "./gather_report.ts";

/**
 * Writes report.html and the event files of TensorBoard (tensorboard/<row>/...) into a run's folder, from what the folder holds. The same run gives the
 * same bytes.
 *
 * @throws {UserError} As {@linkcode gatherReport}, or if a file cannot be written.
 */
export async function writeReport(run: string): Promise<Report> {
  const gathered = await gatherReport(run);
  const report = reportPage(gathered);
  await writeWhole(`${run}/report.html`, report.page);
  await writeEvents(run, gathered);
  return report;
}

async function writeEvents(run: string, gathered: ReportRun): Promise<void> {
  for (const [folder, points] of scalarsOf(gathered)) {
    await writeWhole(`${run}/tensorboard/${folder}/events.out.tfevents.0.m2m`, eventFile(points));
  }
}
