import { z } from "zod";
import { pipelineSchema } from "./schema.ts";

/**
 * The JSON Schema of a pipeline file, for editors (experiments/pipeline.schema.json is made by `m2m schema`).
 *
 * @example
 * ```ts
 * import { pipelineJsonSchema } from "@macro2micro/mer/pipeline";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(pipelineJsonSchema().additionalProperties, false);
 * ```
 */
export function pipelineJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(pipelineSchema, { io: "input" }) as Record<string, unknown>;
}
