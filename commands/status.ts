import { runStatus, statusText } from "../pipeline/mod.ts";
import { UserError } from "../types.ts";
import { parseArguments } from "./_arguments.ts";

/** m2m status */
export async function command(args: string[]): Promise<number> {
  const given = parseArguments("status", args, { switches: ["json"] });
  const [run, ...more] = given.positional;
  if (run === undefined || more.length > 0) {
    throw new UserError("m2m status takes the folder of one run, such as runs/cde; see m2m --help.", 2);
  }
  const status = await runStatus(run);
  console.log(given.has("json") ? JSON.stringify(status, null, 2) : statusText(status));
  return 0;
}
