import { globSync } from "node:fs";
import { root } from "./_deno.ts";

const folders = "{.,commands,engine,data,models,losses,pipeline,eval,page,predict}";

/**
 * What `deno doc --lint` finds wrong, without its complaints that a type of an npm package (`Tensor`) is not public
 * here: those packages export their own types. Such a complaint names a type that no module of ours declares. Text
 * that holds no error by name (a crash, a file that does not load) is a problem as a whole.
 */
export function docLintProblems(output: string): string {
  const [, ...errors] = output.split(/^(?=error\[)/m);
  if (errors.length === 0) return output;
  const ours = declaredTypes();
  return errors.filter((error) => {
    const name = /^error\[private-type-ref\].* references private type '(?:\w+\.)*(\w+)'/.exec(error)?.[1];
    return name === undefined || ours.has(name);
  }).join("");
}

/** The types, interfaces, classes and enums that the project's modules declare, public or not. */
function declaredTypes(): Set<string> {
  const files = globSync(`${folders}/**/*.ts`, { cwd: root });
  const text = files.map((file) => Deno.readTextFileSync(`${root}${file}`)).join("\n");
  return new Set([...text.matchAll(/\b(?:type|interface|class|enum) (\w+)/g)].map((match) => match[1]!));
}
