import { assertEquals } from "@std/assert";
import { docLintProblems } from "../../tools/_doc_lint.ts";

const error = (text: string) => `error[${text}\n  --> a.ts:1:1\n   | \n\n`;

Deno.test("docLintProblems leaves out private types of npm packages only", () => {
  const npm = error("private-type-ref]: public type 'f' references private type 'Tensor2D'");
  const ours = error("private-type-ref]: public type 'g' references private type 'LabelledSample'");
  const other = error("missing-jsdoc]: exported symbol is missing JSDoc documentation");
  assertEquals(docLintProblems(npm + npm), "");
  assertEquals(docLintProblems(npm + ours + npm + other), ours + other);
});

Deno.test("docLintProblems passes on a text without errors by name", () => {
  assertEquals(docLintProblems("error: Module not found\n"), "error: Module not found\n");
});
