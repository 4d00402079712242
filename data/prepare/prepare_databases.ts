import { basename, dirname, extname, join, relative, resolve, sep } from "node:path";
import { type DatabaseName, type DatabaseReading, type Sample, UserError } from "../../types.ts";
import { fileFacts } from "../_files.ts";
import { checkOptions } from "./_check_options.ts";
import { keyOf } from "./_digest.ts";
import { type DatabaseRecord, ResultFolder } from "./_folder.ts";
import type { FlowLabel } from "./_labels.ts";
import { writeManifests } from "./_manifest.ts";
import { Pool } from "./_pool.ts";
import { type Settings, stepVersions } from "./_settings.ts";
import { copyTables } from "./_tables.ts";
import type { Task } from "./_task.ts";
import { CannotWrite, sweep } from "./_write.ts";
import type { PrepareOptions, PrepareReport } from "./options.ts";

/**
 * Prepares databases for training: the face of each clip's onset frame is found, the whole clip cropped, turned and resized by one transform (so that
 * what moves still moves), a missing apex spotted, the clip brought to T frames if wanted, and the optical flow from onset to apex taken.
 *
 * The results lie in the databases' own layouts with copies of their tables, so that the readers, and `m2m run --data`, take them as they take the originals:
 * `<database>/...` with PNG frames under the originals' names, `flow/` with `manifest.csv`, `clips/` with NumPy files, and `prepare.json`, which says
 * with checksums what was made from what. `<database>/apex.csv` holds spotted apices, which the readers prefer to the midpoint.
 *
 * Every step's results are kept in the cache under the SHA-256 of all that they depend on (the frames' contents, the settings and the version of the step), so that a second run does
 * nothing, a changed setting redoes what depends on it and an interrupted run goes on. The same inputs and settings give the same bytes, whatever `jobs` is and however often the
 * run was interrupted. A clip that cannot be prepared is left out, by name and with the reason, and the others go on.
 *
 * @param roots The folder of each database.
 * @param out The folder of the results: new, empty, or made by this function (then it is brought up to date).
 * @param options
 * @throws {UserError} if a database cannot be read, `out` is used by something else or by another run or overlaps with a database's folder, or nothing can be written.
 * @throws {RangeError} if an option makes no sense.
 *
 * @example
 * ```ts
 * import { prepareDatabases, readDatabase, synthesizeDatabases } from "@macro2micro/mer/data";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const subjects = { casme2: 1, smic: 0, samm: 0, ckplus: 0, mmi: 0 };
 * await synthesizeDatabases(`${folder}/data`, { subjects, clipsPerSubject: 1, size: 48, frames: 6 });
 * const roots = { casme2: `${folder}/data/casme2` };
 * const options = { align: "none", size: 32, flow: "none", cache: `${folder}/cache` } as const;
 * const report = await prepareDatabases(roots, `${folder}/prepared`, options);
 * assertEquals([report.clips, report.unchanged, report.leftOut.length], [1, 0, 0]);
 * assertEquals((await prepareDatabases(roots, `${folder}/prepared`, options)).unchanged, 1);
 * const { samples } = await readDatabase("casme2", `${folder}/prepared/casme2`);
 * assertEquals(samples.length, 1);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function prepareDatabases(
  roots: Readonly<Partial<Record<DatabaseName, string>>>,
  out: string,
  options: PrepareOptions = {},
): Promise<PrepareReport> {
  const settings = checkOptions(options);
  const folder = new ResultFolder(resolve(out)), cache = resolve(options.cache ?? ".m2m/prepare");
  const names = (Object.keys(roots) as DatabaseName[]).filter((name) => roots[name] !== undefined);
  if (names.length === 0) throw new RangeError("Cannot prepare databases: none was named");
  for (const name of names) await refuseOverlap(roots[name]!, folder.path);
  await folder.open();
  const pool = new Pool({ settings, out: folder.path, cache }, options.jobs ?? 1, options.signal);
  try {
    if (await folder.isEmpty()) pool.warm(); // there will be work: the processes load while the databases are read
    const { readDatabase } = await import("../readers/read_database.ts"); // loads while they do
    await sweep(cache);
    const readings: DatabaseReading[] = [];
    for (const name of names) {
      const table = options.tables?.[name];
      const reading = await readDatabase(name, roots[name]!, table === undefined ? {} : { table });
      if (reading.samples.length === 0) {
        throw new UserError(
          `Cannot prepare ${name} in ${
            roots[name]
          }: it has no usable clip; m2m data check says what is wrong with each`,
        );
      }
      readings.push(reading);
    }
    const { labels, classes } = settings.flow === null
      ? { labels: new Map<Sample["source"], FlowLabel>(), classes: [] }
      : await (await import("./_labels.ts")).flowLabels(readings, options.list);
    if (settings.flow !== null && labels.size === 0) {
      throw new UserError(
        `Cannot label flow pictures: no clip of ${names.join(", ")} ${
          options.list === undefined ? "has a class of its class set" : `is in the list ${options.list}`
        }; name another list, or leave them out with --flow none`,
      );
    }
    const before = await folder.databases(names);
    refuseOtherFlow(
      before.filter(({ database }) => !names.some((name) => name === database)),
      settings,
      classes,
    );
    const tasks: Task[] = [];
    for (const { database, samples } of readings) {
      const root = resolve(roots[database as DatabaseName]!);
      for (const sample of samples) {
        tasks.push(taskOf(sample, root, settings, labels.get(sample.source)));
      }
    }
    refuseDoubles(tasks);
    const waiting: Task[] = [];
    for (const task of tasks) {
      if (options.signal?.aborted) throw stopped();
      if (!(await folder.isDone(task.record, task.state, options.verify ?? false))) waiting.push(task);
    }
    if (waiting.length > 0) await folder.begin();
    const outcome = await doTasks(waiting, pool, options);
    const current = new Set(tasks.map(({ record }) => record));
    for (const { record } of outcome.leftOut) current.delete(record);
    await clearStale(folder, new Set(names), current);
    for (const reading of readings) {
      await recordDatabase(
        folder,
        reading,
        roots[reading.database as DatabaseName]!,
        settings,
        classes,
        outcome.leftOut,
        options.tables?.[reading.database as DatabaseName],
        before.find(({ database }) => database === reading.database),
      );
    }
    if (options.list !== undefined) {
      await folder.put("combined_3class_gt.csv", await Deno.readFile(options.list));
    }
    await writeManifests(folder);
    return {
      out: folder.path,
      clips: current.size,
      unchanged: tasks.length - waiting.length,
      made: outcome.made,
      leftOut: outcome.leftOut.map(({ clip, why }) => ({ clip, why })),
      notes: outcome.notes,
      problems: readings.flatMap(({ database, problems }) =>
        problems.map((problem) => ({ ...problem, database }))
      ),
    };
  } finally {
    await pool.end();
    await sweep(cache).catch(() => {}); // what a process left that was ended while it wrote
    await folder.close();
  }
}

/** Results in a database's own folder, or around it, would be read as its frames, or take their place. */
async function refuseOverlap(root: string, out: string): Promise<void> {
  const [from, to] = [await realPath(resolve(root)), await realPath(out)];
  const isIn = (inner: string, outer: string) => inner === outer || inner.startsWith(`${outer}${sep}`);
  if (!isIn(to, from) && !isIn(from, to)) return;
  throw new UserError(
    `Cannot prepare ${root} into ${out}: one lies in the other, and results would be read as frames or overwrite them; give another folder for the results.`,
    2,
  );
}

/** A path without links, as far as it is there. */
async function realPath(path: string): Promise<string> {
  const parent = dirname(path);
  return await Deno.realPath(path).catch(async () =>
    parent === path ? path : join(await realPath(parent), basename(path))
  );
}

/** What is to be done with a clip, where its results go, and the state that it then has. */
function taskOf(
  sample: Sample,
  root: string,
  settings: Settings,
  label: FlowLabel | undefined,
): Task {
  const { database, subject, clip, source, onset, apex, offset, apexOrigin } = sample;
  // The markers of MMI count frames from the start of the video.
  const first = database === "mmi" ? 0 : onset, last = offset;
  const inputs = source.kind === "video" ? [source.file] : source.files.slice(first, last + 1);
  const facts = inputs.map((file) => [relative(root, file), ...fileFacts(file)]);
  const name = `${subject}_${clip}`.replace(/[^\w.-]/g, "-");
  const flow = settings.flow === null || label === undefined
    ? undefined
    : { file: `flow/${database}_${label.subject}_${label.clip}.${settings.flow.format}`, database, ...label };
  const plan = {
    sample,
    root,
    first,
    last,
    images: settings.images ? imageNames(sample, root, first, last) : [],
    ...(settings.clips === null ? {} : { clip: `clips/${database}/${subject}/${clip}.npy` }),
    ...(flow === undefined ? {} : { flow }),
    record: `.prepare/clips/${database}/${name}.json`,
  };
  const { images, record } = plan, turn = source.kind === "video" ? source.turn : 0;
  const state = keyOf(
    "state",
    stepVersions,
    settings,
    facts,
    turn,
    [onset, apex, offset, apexOrigin, sample.fps],
    sample.label,
    images,
    flow ?? null,
    record,
  );
  return { ...plan, state };
}

/**
 * The frames' own names below the database, as PNG. Those of a video are numbered from 1 as readers count them, from `first` on, in a folder named like the video, as readers
 * look for a clip; those of MMI in the folder of the session.
 */
function imageNames({ database, source }: Sample, root: string, first: number, last: number): string[] {
  const below = (file: string) => {
    const path = relative(root, file).replaceAll("\\", "/");
    return `${database}/${path.slice(0, path.length - extname(path).length)}`;
  };
  if (source.kind === "images") {
    return source.files.slice(first, last + 1).map((file) => `${below(file)}.png`);
  }
  const path = below(source.file), home = database === "mmi" ? path : `${path}/${basename(path)}`;
  return Array.from(
    { length: last - first + 1 },
    (_, k) => `${home}-${String(first + k + 1).padStart(5, "0")}.png`,
  );
}

/** Two frames of one name would overwrite each other. */
function refuseDoubles(tasks: readonly Task[]): void {
  const seen = new Map<string, string>();
  for (const { record, sample } of tasks) {
    const name = `${sample.database}/${sample.subject}/${sample.clip}`,
      other = seen.get(record.toLowerCase());
    if (other !== undefined) {
      throw new UserError(
        `Cannot prepare ${name} and ${other}: their names differ too little for files; rename one of them`,
      );
    }
    seen.set(record.toLowerCase(), name);
  }
}

interface Outcome {
  readonly made: Record<keyof PrepareReport["made"], number>;
  readonly leftOut: { readonly clip: string; readonly why: string; readonly record: string }[];
  readonly notes: { readonly clip: string; readonly note: string }[];
}

async function doTasks(
  tasks: readonly Task[],
  pool: Pool,
  { signal, onProgress }: PrepareOptions,
): Promise<Outcome> {
  const outcome: Outcome = {
    made: { face: 0, crop: 0, magnify: 0, apex: 0, clip: 0, flow: 0 },
    leftOut: [],
    notes: [],
  };
  const total = tasks.reduce((sum, { first, last }) => sum + last - first + 1, 0);
  let done = 0;
  onProgress?.({ done, total });
  await pool.run(tasks, (task, ending) => {
    const { sample, record, first, last } = task;
    const clip = `${sample.database}/${sample.subject}/${sample.clip}`;
    done += last - first + 1;
    if (ending.type === "broken") {
      throw ending.mistake ? new CannotWrite(ending.message) : new Error(`${clip}: ${ending.message}`);
    }
    if (ending.type === "done") {
      for (const step of Object.keys(outcome.made) as (keyof Outcome["made"])[]) {
        outcome.made[step] += ending.made[step] ?? 0;
      }
      outcome.notes.push(...ending.notes.map((note) => ({ clip, note })));
      onProgress?.({ done, total, clip });
      return;
    }
    outcome.leftOut.push({ clip, why: ending.message, record });
    onProgress?.({ done, total, clip, leftOut: ending.message });
  });
  if (signal?.aborted) throw stopped();
  for (const list of [outcome.leftOut, outcome.notes]) {
    list.sort((a, b) => a.clip < b.clip ? -1 : a.clip > b.clip ? 1 : 0);
  }
  return outcome;
}

/** Removes what was made of clips that are no more, or cannot be prepared any more; only files that our records name. */
async function clearStale(
  folder: ResultFolder,
  databases: ReadonlySet<string>,
  current: ReadonlySet<string>,
): Promise<void> {
  for await (const { file, record } of folder.records()) {
    if (current.has(file) || !databases.has(record.database)) continue;
    await folder.forget(file);
    await folder.remove(file);
  }
}

async function recordDatabase(
  folder: ResultFolder,
  { database, edition }: DatabaseReading,
  root: string,
  settings: Settings,
  classes: readonly string[],
  leftOut: Outcome["leftOut"],
  table: string | undefined,
  before: DatabaseRecord | undefined,
): Promise<void> {
  const record: DatabaseRecord = {
    database,
    edition,
    settings,
    classes,
    tables: await copyTables(
      folder,
      database,
      resolve(root),
      table === undefined ? undefined : resolve(table),
    ),
    leftOut: leftOut.filter(({ clip }) => clip.startsWith(`${database}/`)).map(({ clip, why }) => ({
      clip,
      why,
    })),
  };
  // Tables that are no more there go first, while the record still names them: a reader would take them, or find two.
  for (const { file } of before?.tables ?? []) {
    if (!record.tables.some((table) => table.file === file)) await folder.remove(file);
  }
  await folder.put(`.prepare/${database}.json`, JSON.stringify(record));
}

/** Flow pictures of all databases share one manifest: a class number must mean the same in every line, and the pictures be alike. */
function refuseOtherFlow(
  others: readonly DatabaseRecord[],
  { flow }: Settings,
  classes: readonly string[],
): void {
  if (flow === null) return;
  for (const { database, classes: theirs, settings } of others) {
    if (settings.flow === null) continue;
    const what = theirs.join() !== classes.join()
      ? `classes (${theirs.join(", ")}, not ${classes.join(", ")})`
      : settings.flow.size !== flow.size || settings.flow.format !== flow.format
      ? `settings (--flow ${settings.flow.format} --flow-size ${settings.flow.size})`
      : undefined;
    if (what === undefined) continue;
    throw new UserError(
      `Cannot prepare flow pictures: those of ${database} in that folder have other ${what}; prepare them together, give another folder, or leave them out with --flow none.`,
      2,
    );
  }
}

function stopped(): UserError {
  return new UserError("Stopped. What is done is kept: the same command goes on.");
}
