import type { Pipeline } from "./schema.ts";

/** A setting's value: what YAML writes in one word. */
export type InnerValue = number | string | boolean;

/** One of the settings that an inner selection tries. */
export interface InnerSetting {
  /** Its changes in words: `stages.micro.learningRate 0.001, sampling balanced`. */
  readonly name: string;
  /** The values by path. */
  readonly changes: Readonly<Record<string, InnerValue>>;
  /** The pipeline with them, which selects nothing any more. */
  readonly pipeline: Pipeline;
}

/** The settings of `inner`: the listed ones, or all combinations of the grid, the last path changing fastest. */
export function innerSettings(pipeline: Pipeline): InnerSetting[] {
  const { grid = {}, settings } = pipeline.inner ?? {};
  const all = settings ?? Object.entries(grid).reduce<Record<string, InnerValue>[]>(
    (before, [path, values]) =>
      before.flatMap((changes) => values.map((value) => ({ ...changes, [path]: value }))),
    [{}],
  );
  return all.map((changes) => ({
    name: Object.entries(changes).map(([path, value]) => `${path} ${value}`).join(", ") || "as given",
    changes,
    pipeline: withChanges(pipeline, changes),
  }));
}

/** A pipeline with other values at some paths, without its selection. */
export function withChanges(pipeline: Pipeline, changes: Readonly<Record<string, InnerValue>>): Pipeline {
  const { inner: _, ...rest } = pipeline;
  const changed = structuredClone({ ...rest, selection: "none" }) as unknown as Tree;
  for (const [path, value] of Object.entries(changes)) {
    const keys = path.split(".");
    const last = keys.pop() as string;
    let at = changed;
    for (const key of keys) at = (at[key] ??= {}) as Tree;
    at[last] = value;
  }
  return changed as unknown as Pipeline;
}

interface Tree {
  [key: string]: unknown;
}
