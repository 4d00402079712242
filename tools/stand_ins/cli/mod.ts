// Stand-in for jsr:@std/cli@1.0.23, over npm minimist: the part that this project uses, used only where JSR is out of reach.
import minimist from "npm:minimist@1.2.8";

/** The options of the real parseArgs that this project uses. */
export interface ParseOptions {
  /** Options that take no value. */
  boolean?: string[];
  /** Options whose value stays text. */
  string?: string[];
  /** Options that may be repeated; always an array. */
  collect?: string[];
  /** Short names. */
  alias?: Record<string, string>;
  /** Called for each argument that is not defined; `false` drops it. */
  unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}

/** Parses a command line as @std/cli's parseArgs does: positional arguments under `_`. */
export function parseArgs(
  args: string[],
  options: ParseOptions = {},
): { _: (string | number)[]; [name: string]: unknown } {
  const { collect = [], unknown, ...rest } = options;
  const parsed = minimist(args, {
    ...rest,
    ...(unknown
      ? {
        unknown: (arg: string) => {
          const match = /^--?([^=]+)(?:=(.*))?$/.exec(arg);
          return unknown(arg, match?.[1], match?.[2]) !== false;
        },
      }
      : {}),
  });
  for (const name of Object.keys(parsed)) {
    // minimist collects every repeated option, the real parseArgs only the named ones: of the others the last counts.
    if (name !== "_" && !collect.includes(name)) parsed[name] = [parsed[name]].flat().at(-1);
  }
  for (const name of collect) parsed[name] = parsed[name] === undefined ? [] : [parsed[name]].flat();
  return parsed;
}
