import type { PublishedTask } from "../eval/mod.ts";
import { classSetNames } from "../data/mod.ts";
import type { Pipeline } from "./schema.ts";

/** The task with published results that a pipeline runs, if it is one of them; whether its data is real is another question. */
export function publishedTask({ micro, protocol }: Pipeline): PublishedTask | undefined {
  if (protocol === "cde") {
    return micro.classes === "composite" && micro.databases.length === 3 ? "cde" : undefined;
  }
  return classSetNames.find((name) => name === micro.classes);
}
