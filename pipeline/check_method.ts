import type { MethodDefinition } from "../types.ts";
import { comparisonMethods, isComparisonName } from "./comparison_methods.ts";
import type { Pipeline } from "./schema.ts";

/** The definition of the comparison method that a pipeline names; undefined for macro2micro. */
export function comparisonMethod(name: Pipeline["method"]): MethodDefinition | undefined {
  return isComparisonName(name) ? comparisonMethods[name] : undefined;
}

/** What a comparison method makes of a pipeline: its settings complete, and grey or coloured frames as it reads them. */
export function withMethodSettings(pipeline: Pipeline, settings: Record<string, unknown>): Pipeline {
  const input = comparisonMethod(pipeline.method)?.input;
  const channels = input === undefined ? pipeline.clip.channels : input.kind === "flow" ? 1 : input.channels;
  return { ...pipeline, methodSettings: settings, clip: { ...pipeline.clip, channels } };
}

/** Calls `refuse` for every key that a comparison method has no use for, and for inputs that it lacks. */
export function checkComparison(p: Pipeline, refuse: (path: PropertyKey[], message: string) => void): void {
  const definition = comparisonMethod(p.method);
  if (definition === undefined) {
    if (p.methodSettings) {
      refuse(["methodSettings"], `${p.method} has its own keys (network, losses, stages): leave the key out`);
    }
    return;
  }
  const { name, input } = definition;
  if (p.macro) refuse(["macro"], `${name} has no use for macro-expressions: leave the key out`);
  if (p.rows) refuse(["rows"], "ablation rows belong to macro2micro");
  if (p.flow && !(input.kind === "flow" && input.units.includes("stored"))) {
    const why = input.kind === "flow"
      ? "needs flow in pixels, which is computed from the frames"
      : "reads frames";
    refuse(["flow"], `${name} ${why}: leave the key out`);
  }
  if (p.flow && p.micro.classes !== "composite") {
    refuse(["micro", "classes"], `flow images have the classes composite, found ${p.micro.classes}`);
  }
  if (!p.flow && input.kind !== "clip" && p.clip.frames < 2) {
    refuse(["clip", "frames"], `${name} needs the onset and one more frame: take 2 or more`);
  }
}
