import { parseArgs } from "@std/cli";
import { nearest } from "../nearest.ts";
import { UserError } from "../types.ts";

/** The options of a command: those with a value, and switches. */
export interface KnownOptions {
  readonly values?: readonly string[];
  readonly switches?: readonly string[];
}

/** A parsed command line. */
export interface Arguments {
  readonly positional: readonly string[];
  /** The value of an option, or undefined. */
  value(name: string): string | undefined;
  /** An option's value as a whole number of at least `least`. */
  count(name: string, least: number): number | undefined;
  /** Whether a switch was given. */
  has(name: string): boolean;
}

/** Parses a command's arguments; an unknown option, one without its value or one given twice is wrong use. */
export function parseArguments(command: string, args: string[], known: KnownOptions): Arguments {
  const { values = [], switches = [] } = known;
  const wrong = (why: string) => new UserError(`m2m ${command}: ${why}; see m2m --help.`, 2);
  const parsed = parseArgs(args, {
    string: ["_", ...values],
    boolean: [...switches],
    unknown: (arg: string, key?: string) => {
      if (key === undefined || !arg.startsWith("-")) return;
      const before = args[args.indexOf(arg) - 1];
      if (/^-\d/.test(arg) && values.some((name) => before === `--${name}`)) {
        throw wrong(`${before} takes no negative number, found ${arg}`);
      }
      const known = [...values, ...switches].map((name) => `--${name}`);
      throw wrong(`there is no option ${arg}${nearest(arg.replace(/=.*/, ""), known)}`);
    },
  });
  const options = args.includes("--") ? args.slice(0, args.indexOf("--")) : args;
  for (const arg of options) { // parseArgs takes any value for true
    const name = switches.find((name) => arg.startsWith(`--${name}=`));
    if (name !== undefined) throw wrong(`--${name} takes no value, found ${arg}`);
  }
  for (const name of values) {
    const given = options.filter((arg) => arg === `--${name}` || arg.startsWith(`--${name}=`));
    if (given.length > 1) throw wrong(`--${name} was given twice`); // of which parseArgs takes the last
    if (parsed[name] === "") throw wrong(`--${name} needs a value`);
  }
  return {
    positional: parsed._.map(String),
    value: (name) => parsed[name] as string | undefined,
    count: (name, least) => {
      const text = parsed[name] as string | undefined;
      if (text === undefined) return undefined;
      if (!/^\d+$/.test(text) || Number(text) < least) {
        throw wrong(`--${name} must be a whole number of at least ${least}, found ${text}`);
      }
      return Number(text);
    },
    has: (name) => parsed[name] === true,
  };
}
