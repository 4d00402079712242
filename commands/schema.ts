import { nearest } from "../nearest.ts";
import { pipelineJsonSchema, suiteJsonSchema } from "../pipeline/mod.ts";
import { UserError } from "../types.ts";
import { parseArguments } from "./_arguments.ts";

/** m2m schema */
export function command(args: string[]): Promise<number> {
  const [of = "pipeline", ...more] = parseArguments("schema", args, {}).positional;
  if (!["pipeline", "suite"].includes(of) || more.length > 0) {
    throw new UserError(
      `m2m schema: there is no schema of ${[of, ...more].join(" ")}${
        nearest(of, ["pipeline", "suite"])
      }; see m2m --help.`,
      2,
    );
  }
  console.log(JSON.stringify(of === "suite" ? suiteJsonSchema() : pipelineJsonSchema(), null, 2));
  return Promise.resolve(0);
}
