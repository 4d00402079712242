// Ours against scikit-learn's SVC (libsvm) on ten data sets; tools/golden/svm.py makes the numbers.
import { assert, assertEquals } from "@std/assert";
import { matrixOf, predictSvm, svmDecisions, trainSvm } from "../../../models/mod.ts";

interface Case {
  readonly name: string;
  readonly x: number[][];
  readonly y: number[];
  readonly test: number[][];
  readonly results: {
    readonly kernel: "linear" | "rbf";
    readonly C: number;
    readonly gamma?: number;
    readonly weights: number[];
    readonly support: number[];
    readonly norms: number[];
    readonly decisions: number[][];
    readonly predictions: number[];
    readonly shrinking: number[];
  }[];
}

const file = new URL("../../golden/svm.json", import.meta.url);
const { cases } = JSON.parse(await Deno.readTextFile(file)) as { cases: Case[] };

Deno.test("there are ten data sets", () => assertEquals(cases.length, 10));

for (const { name, x, y, test, results } of cases) {
  for (const { kernel, C, gamma, weights, support, norms, decisions, predictions, shrinking } of results) {
    const what = `${name}, ${kernel}${weights.some((w) => w !== 1) ? ", weighted" : ""}`;
    Deno.test(`scikit-learn finds the same support vectors, decisions and classes: ${what}`, () => {
      const svm = trainSvm(matrixOf(x), y, {
        kernel: kernel === "linear" ? { kind: "linear" } : { kind: "rbf", gamma: gamma as number },
        C,
        classWeights: weights,
      });
      assertEquals([...svm.support], support);
      const rows = svm.classes.length - 1, n = support.length;
      const near = (a: number, e: number, of: string) =>
        assert(Math.abs(a - e) <= 2e-5 * Math.max(1, Math.abs(e)), `${of}: ${a}, expected ${e}`);
      norms.forEach((norm, t) => {
        const parts = Array.from({ length: rows }, (_, r) => svm.coefficients[r * n + t] as number);
        near(Math.hypot(...parts), norm, `coefficients of vector ${t}`);
      });
      const found = svmDecisions(svm, matrixOf(test));
      decisions.flat().forEach((value, i) => near(found[i] as number, value, `decision ${i}`));
      assertEquals(predictSvm(svm, matrixOf(test)), predictions);
      assertEquals(predictions, shrinking); // libsvm's default path ends at the same classes
    });
  }
}
