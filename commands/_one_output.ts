import { UserError } from "../types.ts";
import type { Arguments } from "./_arguments.ts";

/** Which of --json, --csv and --latex was given; text where none was, and two are wrong use. */
export function oneOutput(command: string, given: Arguments): "text" | "json" | "csv" | "latex" {
  const chosen = (["json", "csv", "latex"] as const).filter((name) => given.has(name));
  if (chosen.length > 1) {
    throw new UserError(
      `m2m ${command}: --${chosen.join(" and --")} exclude each other; choose one; see m2m --help.`,
      2,
    );
  }
  return chosen[0] ?? "text";
}
