import { UserError } from "../types.ts";
import { readYaml } from "./_yaml_file.ts";
import { checkPipeline } from "./check_pipeline.ts";
import type { Pipeline } from "./schema.ts";

/**
 * Reads a pipeline from a YAML file.
 *
 * @throws {UserError} If the file is missing or no YAML, or with every problem of the pipeline, with lines.
 *
 * @example
 * ```ts
 * import { readPipeline } from "@macro2micro/mer/pipeline";
 * import { assertEquals } from "@std/assert";
 *
 * const pipeline = await readPipeline("experiments/demo.yaml");
 * assertEquals(pipeline.name, "demo");
 * ```
 */
export async function readPipeline(file: string): Promise<Pipeline> {
  const { value, lines } = await readYaml(file, "pipeline");
  if (Object.hasOwn(value, "runs") && !Object.hasOwn(value, "micro")) {
    throw new UserError(
      `Cannot use ${file} as a pipeline: it is a suite of several; m2m run takes it, or name one of its pipelines.`,
      2,
    );
  }
  try {
    return checkPipeline(value, file);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return checkPipeline(value, file, await lines()); // throws the same problems, now with their lines
  }
}
