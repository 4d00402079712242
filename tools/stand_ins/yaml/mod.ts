// Stand-in for jsr:@std/yaml@1.0.5, over npm yaml: the part that this project uses, used only where JSR is out of reach.
import { parse as npmParse, stringify as npmStringify } from "npm:yaml@2.9.1";

/** YAML 1.2 text to plain values. Throws a SyntaxError on a malformed text, as the real package does. */
export function parse(content: string): unknown {
  try {
    return npmParse(content, { version: "1.2", merge: true, customTags: ["timestamp"] });
  } catch (error) {
    throw new SyntaxError((error as Error).message);
  }
}

/** Plain values to YAML text. */
export function stringify(data: unknown): string {
  return npmStringify(data);
}
