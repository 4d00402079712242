import { join } from "node:path";
import { type DatabaseReading, type Sample, UserError } from "../../types.ts";
import { frameNumber } from "../_files.ts";
import { csvRows, decodeText } from "../_table.ts";

/** Refuses a database in a folder that `prepareDatabases` has not finished: frames would be missing, and apices silently midpoints again. */
export async function refuseUnfinished(root: string): Promise<void> {
  const there = (path: string) => Deno.stat(path).then(() => true, () => false);
  if (await there(join(root, "..", ".prepare")) && !(await there(join(root, "..", "prepare.json")))) {
    throw new UserError(
      `Cannot read ${
        join(root, "..")
      }: m2m data prepare was interrupted there; run it again with the same arguments`,
    );
  }
}

/**
 * The reading with the apices of `apex.csv` (`subject,clip,frame`, the number in the frame's name) in place of midpoints. The file is `prepareDatabases`'.
 */
export async function withSpottedApices(reading: DatabaseReading, root: string): Promise<DatabaseReading> {
  const file = join(root, "apex.csv");
  const bytes = await Deno.readFile(file).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw new UserError(`Cannot read ${file}: ${error.message}; check that it may be read`);
  });
  if (bytes === undefined) return reading;
  const [head, ...rows] = csvRows(file, decodeText(bytes));
  if (head?.join(",") !== "subject,clip,frame") {
    throw new UserError(
      `Cannot read ${file}: its header is not subject,clip,frame; prepare the database again`,
    );
  }
  const frames = new Map(rows.map(([subject, clip, frame]) => [`${subject}/${clip}`, Number(frame)]));
  const samples = reading.samples.map((sample): Sample => {
    const name = `${sample.subject}/${sample.clip}`, number = frames.get(name);
    if (number === undefined || sample.apexOrigin === "coded" || sample.source.kind === "video") {
      return sample;
    }
    const apex = sample.source.files.findIndex((frame) => frameNumber(frame) === number);
    if (apex < sample.onset || apex > sample.offset) {
      throw new UserError(
        `Cannot read ${file}: ${name} has no frame ${number} from onset to offset; prepare the database again`,
      );
    }
    return { ...sample, apex, apexOrigin: "spotted" };
  });
  return { ...reading, samples };
}
