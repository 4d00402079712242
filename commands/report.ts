import {
  comparisonPage,
  type Report,
  reportPage,
  tableCsv,
  tableJson,
  tableLatex,
} from "../eval/report/mod.ts";
import { gatherReport, writeReport } from "../pipeline/mod.ts";
import { UserError } from "../types.ts";
import { type Arguments, parseArguments } from "./_arguments.ts";
import { writeFile } from "./_write_file.ts";

/** m2m report */
export async function command(args: string[]): Promise<number> {
  const given = parseArguments("report", args, {
    values: ["out", "csv"],
    switches: ["faces", "json", "latex"],
  });
  const runs = given.positional.map((run) => run.replace(/(?<=.)\/+$/, ""));
  if (runs.length === 0) throw new UserError("m2m report takes one run folder or more; see m2m --help.", 2);
  if (given.has("json") && given.has("latex")) {
    throw new UserError("m2m report: --json and --latex exclude each other; choose one; see m2m --help.", 2);
  }
  if (new Set(runs).size < runs.length) {
    throw new UserError(`m2m report: a run is named twice in ${runs.join(" ")}; see m2m --help.`, 2);
  }
  const { report, file } = await made(runs, given);
  const { tables } = report;
  const folder = given.value("csv");
  if (folder !== undefined) {
    await Deno.mkdir(folder, { recursive: true }).catch((error) => {
      throw new UserError(`Cannot make the folder ${folder}: ${error.message}; name another with --csv.`);
    });
    for (const table of tables) await writeFile("table", `${folder}/${table.name}.csv`, tableCsv(table));
  }
  if (given.has("json")) {
    const all = Object.fromEntries(tables.map((table) => [table.name, tableJson(table)]));
    console.log(JSON.stringify({ runs, page: file, tables: all }, null, 2));
  } else if (given.has("latex")) {
    const shown = ["paper", "over-seeds", "differences", "tests", "classes"];
    const latex = tables.filter(({ name }) => shown.includes(name)).map((table) =>
      `% ${table.name}: ${table.caption}\n${tableLatex(table)}`
    );
    console.log(latex.join("\n").trimEnd());
  } else {
    console.log(`The report is ${file}${folder === undefined ? "" : `, its tables are in ${folder}`}.`);
  }
  return 0;
}

/** The page of one run in its folder, or of several; a page with faces never takes the place of the one without. */
async function made(runs: readonly string[], given: Arguments): Promise<{ report: Report; file: string }> {
  const faces = given.has("faces"), [first, ...others] = runs as [string, ...string[]];
  const out = given.value("out");
  if (others.length > 0) {
    const gathered = [];
    for (const run of runs) gathered.push(await gatherReport(run, { name: shortName(run, runs) }));
    const report = comparisonPage(gathered), file = out ?? "comparison.html";
    if (faces) console.error("A page of several runs shows no clips: --faces changes nothing.");
    await writeFile("page", file, report.page);
    return { report, file };
  }
  if (out === undefined && !faces) return { report: await writeReport(first), file: `${first}/report.html` };
  const report = reportPage(await gatherReport(first, { faces })), file = out ?? `${first}/report-faces.html`;
  await writeFile("page", file, report.page);
  return { report, file };
}

/** The last part of a run's path, or the whole path where another run has the same. */
function shortName(run: string, runs: readonly string[]): string {
  const last = (path: string) => path.slice(path.lastIndexOf("/") + 1);
  return runs.filter((other) => last(other) === last(run)).length > 1 ? run : last(run);
}
