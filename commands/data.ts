import { nearest } from "../nearest.ts";
import { UserError } from "../types.ts";

/** Each command of `m2m data` by name; its module is loaded only when it is called. */
const commands: Record<string, () => Promise<(args: string[]) => Promise<number>>> = {
  check: async () => (await import("./_data_check.ts")).check,
  prepare: async () => (await import("./_data_prepare.ts")).prepare,
  show: async () => (await import("./_data_show.ts")).show,
  synth: async () => (await import("./_data_synth.ts")).synth,
};

/** m2m data */
export async function command(args: string[]): Promise<number> {
  const [name, ...rest] = args, names = Object.keys(commands);
  if (name === undefined) {
    throw new UserError(`m2m data takes one of: ${names.join(", ")}; see m2m --help.`, 2);
  }
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (load === undefined) {
    throw new UserError(`There is no command data ${name}${nearest(name, names)}; see m2m --help.`, 2);
  }
  return await (await load())(rest);
}
