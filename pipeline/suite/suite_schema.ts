import { z } from "zod";

const change = z.record(z.string(), z.unknown());

const runSchema = z.strictObject({
  pipeline: z.string().describe("A pipeline file, relative to this file."),
  change: change.optional().describe(
    "Keys of the pipeline that are other here: sections are merged key by key, null leaves a key out, all else replaces what was there.",
  ),
});

const suiteOf = <Run extends z.ZodType>(run: Run) =>
  z.strictObject({
    $schema: z.string().optional().describe("The JSON Schema, for editors."),
    name: z.string().regex(/^[\w.-]*\w$/, "must be letters, digits, dots, dashes").describe(
      "Names the default folder.",
    ),
    title: z.string().min(1).describe("The heading of its table."),
    all: change.optional().describe("Changes of every pipeline, before its own."),
    runs: z.array(run).min(1).describe(
      "What is run, in this order: pipeline files, or such files with changes. Each has a folder by the name of its pipeline.",
    ),
  });

/** A suite as it is checked, a bare file name being `{ pipeline: <name> }`. */
export const suiteSchema = suiteOf(runSchema);

/**
 * The JSON Schema of a suite, for editors (experiments/suite.schema.json is made by `m2m schema suite`).
 *
 * @example
 * ```ts
 * import { suiteJsonSchema } from "@macro2micro/mer/pipeline";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(suiteJsonSchema().required, ["name", "title", "runs"]);
 * ```
 */
export function suiteJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(suiteOf(z.union([z.string(), runSchema])), { io: "input" }) as Record<
    string,
    unknown
  >;
}
