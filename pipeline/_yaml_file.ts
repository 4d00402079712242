import { parse } from "@std/yaml";
import { UserError } from "../types.ts";

/** Finds the line of a path in a file. */
export type LineOf = (path: readonly PropertyKey[]) => number | undefined;

/** A YAML file that holds keys. */
export interface YamlFile {
  /** Its keys. */
  readonly value: Readonly<Record<string, unknown>>;
  /** Finds the lines of its paths. To be called only when there is something wrong: the document tree costs a second parser. */
  readonly lines: () => Promise<LineOf>;
}

/**
 * Reads a YAML file.
 *
 * @param what What messages call it: `pipeline`.
 * @throws {UserError} If it is missing, no YAML, or holds no keys.
 */
export async function readYaml(file: string, what: string): Promise<YamlFile> {
  const text = await Deno.readTextFile(file).catch((error) => {
    throw new UserError(
      error instanceof Deno.errors.NotFound
        ? `Cannot read the ${what} ${file}: there is no such file; ready ones lie in experiments/.`
        : error instanceof Deno.errors.IsADirectory
        ? `Cannot read the ${what} ${file}: it is a folder; name a YAML file in it.`
        : `Cannot read the ${what} ${file}: ${error.message}.`,
      2,
    );
  });
  let value: unknown;
  try {
    value = parse(text);
  } catch (error) {
    const first = (error as Error).message.split("\n")[0]?.replace(/:$/, "");
    throw new UserError(`Cannot read the ${what} ${file}: it is not YAML: ${first}.`, 2);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new UserError(
      `Cannot read the ${what} ${file}: it holds no keys; start from a file in experiments/.`,
      2,
    );
  }
  return { value: value as Record<string, unknown>, lines: () => lineFinder(text) };
}

async function lineFinder(text: string): Promise<LineOf> {
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
