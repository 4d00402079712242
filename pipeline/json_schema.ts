import { z } from "zod";
import { comparisonMethods } from "./comparison_methods.ts";
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
  const schema = z.toJSONSchema(pipelineSchema, { io: "input" }) as Record<string, unknown>;
  // The settings of a comparison method are its own: each name of a method brings their schema along.
  schema.allOf = Object.values(comparisonMethods).map(({ name, settings }) => {
    const { $schema: _, ...own } = z.toJSONSchema(settings, { io: "input" });
    return {
      if: { properties: { method: { const: name } }, required: ["method"] },
      then: { properties: { methodSettings: own } },
    };
  });
  return schema;
}
