import { nearest } from "../nearest.ts";
import { UserError } from "../types.ts";
import type { ModelDescription } from "./model_description.ts";

/** All members of a model, or the one of that name. */
export function membersOf(
  { members }: ModelDescription,
  wanted: string | undefined,
  model: string,
): ModelDescription["members"] {
  if (wanted === undefined) return members;
  const found = members.filter(({ name }) => name === wanted);
  if (found.length > 0) return found;
  throw new UserError(
    `${model} has no network ${wanted}${nearest(wanted, members.map(({ name }) => name))}.`,
    2,
  );
}
