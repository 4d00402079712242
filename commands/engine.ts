import { availableEngines } from "../engine/mod.ts";
import { UserError } from "../types.ts";
import { parseArguments } from "./_arguments.ts";

/** m2m engine */
export async function command(args: string[]): Promise<number> {
  const given = parseArguments("engine", args, { switches: ["json"] });
  if (given.positional.length > 0) {
    throw new UserError(`m2m engine takes no ${given.positional[0]}; see m2m --help.`, 2);
  }
  const engines = await availableEngines();
  if (given.has("json")) console.log(JSON.stringify(engines, null, 2));
  else {for (const { name, available, reason } of engines) {
      console.log(`${name.padEnd(7)} ${available ? "yes" : "no "}  ${reason}`);
    }}
  return 0;
}
