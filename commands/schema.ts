import { pipelineJsonSchema } from "../pipeline/mod.ts";
import { parseArguments } from "./_arguments.ts";

/** m2m schema */
export function command(args: string[]): Promise<number> {
  parseArguments("schema", args, {});
  console.log(JSON.stringify(pipelineJsonSchema(), null, 2));
  return Promise.resolve(0);
}
