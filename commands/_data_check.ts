import {
  checkComposite,
  checkCompositeList,
  checkDatabase,
  type CheckReport,
  checkTable,
  furtherNames,
  tableNames,
} from "../data/mod.ts";
import { nearest } from "../nearest.ts";
import { databaseNames, type Problem, UserError } from "../types.ts";
import { type Arguments, parseArguments } from "./_arguments.ts";
import { Countdown } from "./_countdown.ts";
import { stoppable } from "./_stoppable.ts";

const databases = [...databaseNames, ...furtherNames, "composite"];
const cameras = ["HS", "VIS", "NIR"] as const;

/** m2m data check */
export async function check(args: string[]): Promise<number> {
  const given = parseArguments("data check", args, {
    values: ["database", "root", "table", "camera", "frames", "corrections"],
    switches: ["fast", "json"],
  });
  const report = await run(given);
  console.log(given.has("json") ? JSON.stringify(machine(report), null, 2) : human(report));
  return 0;
}

function wrong(why: string): UserError {
  return new UserError(`m2m data check ${why}; see m2m --help.`, 2);
}

async function run(given: Arguments): Promise<CheckReport> {
  const [extra] = given.positional;
  if (extra !== undefined) throw wrong(`takes no argument without an option, found ${extra}`);
  const database = given.value("database"), root = given.value("root"), table = given.value("table");
  if (database === undefined) throw wrong(`needs --database, one of ${databases.join(", ")}`);
  if (!databases.includes(database)) {
    throw wrong(`knows no database ${database}${nearest(database, databases)}`);
  }
  if (root === undefined && table === undefined) {
    throw wrong("needs --root, the folder of the database, or --table, a coding table");
  }
  const camera = given.value("camera")?.toUpperCase() as typeof cameras[number] | undefined;
  if (camera !== undefined && (database !== "smic" || !cameras.includes(camera))) {
    throw wrong(
      database === "smic"
        ? `knows the cameras ${cameras.join(", ")}, found ${camera}`
        : "takes --camera with smic only",
    );
  }
  const frames = given.value("frames"), named = given.value("corrections");
  const corrections: string | false | undefined = named === "none" ? false : named;
  if (root === undefined && (frames !== undefined || given.has("fast"))) {
    throw wrong("takes --frames and --fast with --root only");
  }
  if (database === "composite" && (frames !== undefined || corrections !== undefined)) {
    throw wrong("takes neither --frames nor --corrections with composite");
  }
  if (table !== undefined && (database === "ckplus" || database === "mmi")) {
    throw wrong(`takes no --table with ${database}, which has no coding table: name its folder with --root`);
  }
  if (frames !== undefined && (database === "ckplus" || database === "mmi")) {
    throw wrong(`takes no --frames with ${database}, which has frames of one kind`);
  }
  if (corrections !== undefined && !tableNames.some((name) => name === database)) {
    throw wrong(`takes --corrections with ${tableNames.join(", ")} only`);
  }
  const options = {
    ...(camera === undefined ? {} : { camera }),
    ...(corrections === undefined ? {} : { corrections }),
  };
  if (root === undefined) {
    return database === "composite"
      ? await checkCompositeList(table!)
      : await checkTable(database as typeof tableNames[number], table!, options);
  }
  const countdown = new Countdown("frames");
  return await stoppable((signal) => {
    const how = {
      ...(table === undefined ? {} : { table }),
      ...(frames === undefined ? {} : { frames }),
      decode: !given.has("fast"),
      signal,
      onProgress: ({ done, total, clip }: { done: number; total: number; clip: string }) =>
        countdown.update(done, total, clip),
    };
    return database === "composite"
      ? checkComposite(root, how)
      : checkDatabase(database as typeof databaseNames[number] | typeof furtherNames[number], root, {
        ...options,
        ...how,
      });
  }).catch((error) => {
    if (error instanceof DOMException && error.name === "AbortError") {
      throw new UserError("Stopped. Nothing was changed.");
    }
    throw error;
  }).finally(() => countdown.end());
}

/** What `--json` prints. */
function machine({ database, edition, clips, subjects, labels, problems }: CheckReport) {
  return {
    database,
    edition,
    clips,
    subjects,
    labels,
    problems: problems.map(({ clip, field, found, remedy }) => ({ clip, field, found, remedy })),
  };
}

function human(report: CheckReport): string {
  const { edition, clips, subjects, labels, problems, published, frames } = report;
  const lines = [edition];
  if (frames > 0) lines.push(`${frames} frames were opened`);
  lines.push("");
  const rows = [["", "here", published === undefined ? "" : "published"]];
  const row = (name: string, here: number, there: number | undefined) =>
    rows.push([name, String(here), there === undefined ? "" : String(there) + (there === here ? "" : "  *")]);
  row("clips", clips, published?.clips);
  row("subjects", subjects, published?.subjects);
  const counted = published !== undefined && Object.keys(published.labels).length > 0;
  for (const name of new Set([...Object.keys(labels), ...Object.keys(published?.labels ?? {})])) {
    row(name, labels[name] ?? 0, counted ? published.labels[name] ?? 0 : undefined);
  }
  const width = (column: number) => Math.max(...rows.map((cells) => cells[column]!.length));
  for (const [name, here, there] of rows) {
    lines.push(`${name!.padEnd(width(0))}  ${here!.padStart(width(1))}  ${there!}`.trimEnd());
  }
  if (published !== undefined) lines.push(`published: ${published.title}`);
  lines.push("");
  if (problems.length === 0) lines.push("No problem was found.");
  else {
    const out = new Set(
      problems.filter(({ clip, dropped }) => dropped && clip.includes("/")).map(({ clip }) => clip),
    ).size;
    lines.push(
      `${problems.length} problem${problems.length === 1 ? "" : "s"}${
        out > 0 ? `, ${out} clip${out === 1 ? "" : "s"} left out` : ""
      }:`,
      ...gathered(problems).flatMap(entry),
    );
  }
  return lines.join("\n");
}

/** Problems of one kind, where there are many, under the first of them. */
function gathered(problems: readonly Problem[]): { readonly problem: Problem; readonly more: number }[] {
  const kind = ({ field, remedy, dropped }: Problem) => JSON.stringify([field, remedy, dropped]);
  const kinds = Map.groupBy(problems, kind), told = new Set<string>();
  return problems.flatMap((problem) => {
    const same = kinds.get(kind(problem))!;
    if (same.length <= 8) return [{ problem, more: 0 }];
    if (told.has(kind(problem))) return [];
    told.add(kind(problem));
    return [{ problem, more: same.length - 1 }];
  });
}

function entry({ problem, more }: { readonly problem: Problem; readonly more: number }): string[] {
  const { clip, field, found, remedy, dropped } = problem;
  return [
    `${clip}  ${field}: ${found}${more > 0 ? `  (and ${more} more like it: --json lists them)` : ""}`,
    `    ${dropped ? "left out: " : ""}${remedy}`,
  ];
}
