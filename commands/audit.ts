import { parse } from "@std/yaml";
import { auditRun } from "../pipeline/mod.ts";
import { UserError } from "../types.ts";
import { parseArguments } from "./_arguments.ts";

/** m2m audit */
export async function command(args: string[]): Promise<number> {
  const given = parseArguments("audit", args, {
    values: ["data", "identities"],
    switches: ["json", "quiet"],
  });
  const [run, ...more] = given.positional;
  if (run === undefined || more.length > 0) {
    throw new UserError("m2m audit takes one run folder, such as runs/demo; see m2m --help.", 2);
  }
  const data = given.value("data"), file = given.value("identities");
  const report = await auditRun(run, {
    ...(data === undefined ? {} : { data }),
    ...(file === undefined ? {} : { identities: await readIdentities(file) }),
    ...(given.has("quiet") ? {} : { say: (line) => console.error(line) }),
  });
  if (given.has("json")) {
    console.log(JSON.stringify(report, null, 2));
    return report.clean ? 0 : 1;
  }
  for (const line of report.checks) console.log(`checked  ${line}`);
  for (const line of report.notes) console.log(`note     ${line}`);
  for (const { kind, where, what } of report.findings) console.log(`FOUND    ${kind}: ${where}: ${what}`);
  const found = report.findings.length;
  console.log(
    report.clean
      ? `${report.run} is clean: nothing of whom a fold tests reached its training, as far as records and databases show.`
      : `${report.run} is not clean: ${found} finding${found === 1 ? "" : "s"}.`,
  );
  return report.clean ? 0 : 1;
}

/** Groups of database/subject: YAML, a list of lists. */
async function readIdentities(file: string): Promise<string[][]> {
  const text = await Deno.readTextFile(file).catch((error) => {
    throw new UserError(`Cannot read the identities ${file}: ${error.message}.`, 2);
  });
  const wrong = new UserError(
    `Cannot read the identities ${file}: it must be a YAML list of persons, each a list of database/subject.`,
    2,
  );
  let tree: unknown;
  try {
    tree = parse(text);
  } catch {
    throw wrong;
  }
  const isPerson = (group: unknown) =>
    Array.isArray(group) && group.length > 1 &&
    group.every((name) => typeof name === "string" && /^[^/]+\/.+$/.test(name));
  if (!Array.isArray(tree) || !tree.every(isPerson)) throw wrong;
  return tree;
}
