import { parse } from "@std/yaml";
import { UserError } from "../types.ts";
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
  const text = await Deno.readTextFile(file).catch((error) => {
    throw new UserError(
      error instanceof Deno.errors.NotFound
        ? `Cannot read the pipeline ${file}: there is no such file; ready ones lie in experiments/.`
        : error instanceof Deno.errors.IsADirectory
        ? `Cannot read the pipeline ${file}: it is a folder; name a YAML file in it.`
        : `Cannot read the pipeline ${file}: ${error.message}.`,
      2,
    );
  });
  let value: unknown;
  try {
    value = parse(text);
  } catch (error) {
    const first = (error as Error).message.split("\n")[0]?.replace(/:$/, "");
    throw new UserError(`Cannot read the pipeline ${file}: it is not YAML: ${first}.`, 2);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new UserError(
      `Cannot read the pipeline ${file}: it holds no keys; start from a file in experiments/.`,
      2,
    );
  }
  try {
    return checkPipeline(value, file);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return checkPipeline(value, file, await lineFinder(text)); // throws the same problems, now with their lines
  }
}

/** Finds the line of a path. Loaded only when there is an error: the document tree costs a second parser. */
async function lineFinder(text: string): Promise<(path: readonly PropertyKey[]) => number | undefined> {
  const { isMap, isSeq, LineCounter, parseDocument } = await import("yaml");
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter });
  return (path) => {
    let node: unknown = document.contents;
    let offset = document.contents?.range?.[0];
    for (const key of path) {
      if (isMap(node)) {
        const pair = node.items.find((item) => String(item.key) === String(key));
        if (!pair) break; // a missing key: the line of what should hold it
        offset = (pair.key as { range?: [number, number, number] }).range?.[0] ?? offset;
        node = pair.value;
      } else if (isSeq(node)) {
        const item = node.items[Number(key)] as { range?: [number, number, number] } | undefined;
        offset = item?.range?.[0] ?? offset;
        node = item;
      }
    }
    return offset === undefined ? undefined : counter.linePos(offset).line;
  };
}
