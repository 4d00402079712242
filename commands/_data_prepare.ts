import { exists } from "../pipeline/run_folder.ts";
import { Progress } from "./_progress.ts";
import { prepareDatabases, type PrepareOptions, type PrepareReport } from "../data/prepare/mod.ts";
import { nearest } from "../nearest.ts";
import { type DatabaseName, databaseNames, UserError } from "../types.ts";
import { type Arguments, parseArguments } from "./_arguments.ts";
import { stoppable } from "./_stoppable.ts";

/** m2m data prepare */
export async function prepare(args: string[]): Promise<number> {
  const given = parseArguments("data prepare", args, {
    values: [
      "data",
      "databases",
      "database",
      "root",
      "table",
      "list",
      "out",
      "align",
      "crop",
      "eye-distance",
      "eye-line",
      "least-score",
      "size",
      "magnify",
      "band",
      "spot",
      "frames",
      "interpolation",
      "flow",
      "flow-size",
      "jobs",
      "cache",
    ],
    switches: ["grey", "skip-images", "verify", "quiet", "json"],
  });
  if (given.positional.length > 0) throw wrong(`takes no ${given.positional[0]}`);
  const out = given.value("out");
  if (out === undefined) throw wrong("needs --out, the folder of the results");
  const { roots, list } = await whatToPrepare(given);
  const progress = new PrepareProgressLine(given.has("quiet") || given.has("json"));
  const report = await stoppable((signal) =>
    prepareDatabases(roots, out, {
      ...options(given),
      ...(list === undefined ? {} : { list }),
      signal,
      onProgress: (state) => progress.hear(state),
    })
  ).catch((error) => {
    if (error instanceof RangeError) throw new UserError(`${error.message}; see m2m --help.`, 2);
    throw error;
  }).finally(() => progress.end());
  if (given.has("json")) console.log(JSON.stringify(report, null, 2));
  else tell(report);
  return report.leftOut.length > 0 ? 1 : 0;
}

/** The databases' folders, and the composite's official list beside them. */
async function whatToPrepare(
  given: Arguments,
): Promise<{ roots: Partial<Record<DatabaseName, string>>; list: string | undefined }> {
  const [data, database, root] = [given.value("data"), given.value("database"), given.value("root")];
  if (database !== undefined || root !== undefined) {
    if (
      database === undefined || root === undefined || data !== undefined ||
      given.value("databases") !== undefined
    ) {
      throw wrong(
        "takes either --database NAME --root DIR for one database, or --data DIR for all below a folder",
      );
    }
    const name = nameOf(database);
    if (given.value("table") !== undefined && (name === "ckplus" || name === "mmi")) {
      throw wrong(`takes no --table with ${name}, which has no coding table`);
    }
    return { roots: { [name]: root }, list: given.value("list") };
  }
  if (data === undefined) {
    throw wrong("needs --data, the folder above the databases, or --database with --root");
  }
  if (given.value("table") !== undefined) throw wrong("--table goes with --database and --root");
  const named = given.value("databases")?.split(",").map((name) => nameOf(name.trim()));
  const roots: Partial<Record<DatabaseName, string>> = {};
  for (const name of named ?? databaseNames) {
    if (named !== undefined || await exists(`${data}/${name}`)) roots[name] = `${data}/${name}`;
  }
  if (Object.keys(roots).length === 0) {
    throw new UserError(
      `Cannot prepare ${data}: it holds none of ${
        databaseNames.join(", ")
      }; name the folder above them (docs/databases.md shows the layout).`,
    );
  }
  const usual = `${data}/combined_3class_gt.csv`;
  return { roots, list: given.value("list") ?? (await exists(usual) ? usual : undefined) };
}

function options(given: Arguments): PrepareOptions {
  const text = (name: string, key: string) =>
    given.value(name) === undefined ? {} : { [key]: given.value(name) };
  const count = (name: string, key: string) => {
    const value = given.count(name, 1);
    return value === undefined ? {} : { [key]: value };
  };
  const number = (name: string, key: string) => {
    const value = given.value(name);
    if (value === undefined) return {};
    if (Number.isNaN(numberOf(value))) throw wrong(`--${name} must be a number, found ${value}`);
    return { [key]: numberOf(value) };
  };
  const crop = given.value("crop");
  const parts = crop?.split(",").map(numberOf) ?? [];
  if (crop !== undefined && (parts.length !== 4 || !parts.every((part) => part >= 0))) {
    throw wrong(`--crop takes LEFT,TOP,WIDTH,HEIGHT in fractions of the frame, found ${crop}`);
  }
  const [left, top, width, height] = parts as [number, number, number, number];
  const [alpha, band] = [given.value("magnify"), given.value("band")?.split(",").map(numberOf) ?? [1, 10]];
  if (
    alpha !== undefined && (!(Number(alpha) > 0) || band.length !== 2 || !band.every((hertz) => hertz >= 0))
  ) {
    throw wrong(`--magnify takes a number, --band LOW,HIGH in Hz, found ${alpha} and ${band.join(",")}`);
  }
  if (alpha === undefined && given.value("band") !== undefined) throw wrong("--band goes with --magnify");
  const [low, high] = band as [number, number];
  const table = given.value("table"), database = given.value("database");
  return {
    ...text("align", "align"),
    ...(crop === undefined ? {} : { crop: { left, top, width, height } }),
    ...number("eye-distance", "eyeDistance"),
    ...number("eye-line", "eyeLine"),
    ...number("least-score", "leastScore"),
    ...count("size", "size"),
    ...(alpha === undefined ? {} : { magnify: { alpha: Number(alpha), low, high } }),
    ...text("spot", "spot"),
    ...count("frames", "frames"),
    ...text("interpolation", "interpolation"),
    ...text("flow", "flow"),
    ...count("flow-size", "flowSize"),
    ...count("jobs", "jobs"),
    ...text("cache", "cache"),
    ...(table === undefined || database === undefined ? {} : { tables: { [database]: table } }),
    ...(given.has("grey") ? { channels: 1 as const } : {}),
    images: !given.has("skip-images"),
    verify: given.has("verify"),
  };
}

/** A number without a sign, else NaN: `Number` takes a blank for 0. */
function numberOf(text: string): number {
  return /^\d*\.?\d+$/.test(text.trim()) ? Number(text) : NaN;
}

function nameOf(text: string): DatabaseName {
  const name = databaseNames.find((known) => known === text.toLowerCase());
  if (name !== undefined) return name;
  throw wrong(
    `there is no database ${text}${nearest(text, databaseNames)}; known are ${databaseNames.join(", ")}`,
  );
}

function wrong(why: string): UserError {
  return new UserError(`m2m data prepare: ${why}; see m2m --help.`, 2);
}

/** A bar on a terminal, a line now and then elsewhere; a clip that is left out is told at once. */
class PrepareProgressLine {
  readonly #quiet: boolean;
  #progress: Progress | undefined;
  #before = 0;
  #told = performance.now();

  constructor(quiet: boolean) {
    this.#quiet = quiet;
  }

  hear(
    { done, total, clip, leftOut }: { done: number; total: number; clip?: string; leftOut?: string },
  ): void {
    this.#progress ??= new Progress(total, { quiet: this.#quiet });
    if (clip === undefined) return;
    const steps = done - this.#before;
    this.#before = done;
    if (leftOut !== undefined) this.#progress.finish(clip, steps, `left out ${clip}: ${leftOut}`);
    else if (Deno.stderr.isTerminal() || performance.now() - this.#told > 2000 || done === total) {
      this.#told = performance.now();
      this.#progress.finish(clip, steps, `${done} of ${total} frames, ${clip}`);
    } else this.#progress.pass(steps);
  }

  end(): void {
    this.#progress?.end();
  }
}

function tell({ out, clips, unchanged, made, leftOut, notes, problems }: PrepareReport): void {
  const dropped = problems.filter((problem) => problem.dropped);
  for (const { database, clip, field, found, remedy } of dropped) {
    console.error(`not in the database's reading: ${database}/${clip}: ${field} ${found}; ${remedy}`);
  }
  for (const { clip, note } of notes) console.error(`${clip}: ${note}`);
  for (const { clip, why } of leftOut) console.error(`left out ${clip}: ${why}`);
  if (unchanged === clips && leftOut.length === 0) {
    console.log(`Nothing to do: ${clips} clips in ${out} are up to date.`);
    return;
  }
  const steps = Object.entries(made).map(([step, count]) => `${step} ${count}`).join(", ");
  console.log(
    `Prepared ${clips} clips in ${out}, ${unchanged} of them were up to date. Steps done: ${steps}; the others came from the cache.` +
      (leftOut.length === 0 ? "" : ` ${leftOut.length} clips were left out, see above.`),
  );
}
