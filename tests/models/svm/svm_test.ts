// The SVM's own conditions, and that what is chosen is chosen within the training clips.
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { seededRandom } from "../../../engine/mod.ts";
import { matrixOf, predictSvm, svmDecisions, svmMethod, svmSettings, trainSvm } from "../../../models/mod.ts";
import { scoreCandidates } from "../../../models/svm/_choose.ts";
import { KernelRows } from "../../../models/svm/_kernel.ts";
import { subjectSplits } from "../../../models/svm/_subject_splits.ts";
import { solvePairs } from "../../../models/svm/train_svm.ts";

function cloud(seed: number, n: number, columns: number) {
  const random = seededRandom(seed);
  const labels = Array.from({ length: n }, (_, i) => i % 3);
  const rows = labels.map((c) =>
    Array.from({ length: columns }, (_, k) => random.normal() + (k % 3 === c ? 1 : 0))
  );
  return { rows, labels };
}

Deno.test("a trained machine meets the optimality conditions of its dual problem", () => {
  const { rows, labels } = cloud(1, 60, 4), two = labels.map((c) => Math.min(c, 1)), C = 0.7;
  const svm = trainSvm(matrixOf(rows), two, { C, tolerance: 1e-6 });
  const alpha = new Array<number>(60).fill(0), y = two.map((c) => c === 0 ? 1 : -1);
  svm.support.forEach((row, t) => alpha[row] = svm.coefficients[t]! * y[row]!);
  assert(alpha.every((a) => a >= 0 && a <= C + 1e-12));
  assertAlmostEquals(alpha.reduce((sum, a, i) => sum + a * y[i]!, 0), 0, 1e-9);
  const margins = svmDecisions(svm, matrixOf(rows)).map((d, i) => d * y[i]!);
  alpha.forEach((a, i) => {
    if (a === 0) assert(margins[i]! >= 1 - 1e-5);
    else if (a >= C) assert(margins[i]! <= 1 + 1e-5);
    else assertAlmostEquals(margins[i]!, 1, 1e-5);
  });
});

Deno.test("weights of classes are bounds of their own", () => {
  const { rows, labels } = cloud(2, 45, 3), two = labels.map((c) => Math.min(c, 1));
  const svm = trainSvm(matrixOf(rows), two, { C: 0.5, classWeights: [3, 0.4] });
  svm.support.forEach((row, t) =>
    assert(Math.abs(svm.coefficients[t]!) <= 0.5 * [3, 0.4][two[row]!]! + 1e-12)
  );
});

Deno.test("a kernel cache of two rows gives the same machine as one that holds all", () => {
  const { rows, labels } = cloud(3, 40, 5), data = matrixOf(rows);
  const dots = Float64Array.from({ length: 1600 }, (_, i) => {
    const [a, b] = [rows[Math.floor(i / 40)]!, rows[i % 40]!];
    return a.reduce((sum, value, k) => sum + value * b[k]!, 0);
  });
  const kernel = { kind: "rbf", gamma: 0.3 } as const;
  const small = solvePairs(new KernelRows(kernel, dots, 40, 1), labels, { C: 2 });
  assertEquals(small, solvePairs(new KernelRows(kernel, dots, 40), labels, { C: 2 }));
  const { vectors: _, kernel: __, ...all } = trainSvm(data, labels, { kernel, C: 2 });
  assertEquals(small.support, all.support);
});

Deno.test("the order of the classes' names does not matter, the order of pairs is that of libsvm", () => {
  const { rows, labels } = cloud(4, 30, 4), data = matrixOf(rows), names = [7, 2, 5];
  const plain = predictSvm(trainSvm(data, labels), data);
  const renamed = predictSvm(trainSvm(data, labels.map((c) => names[c]!)), data);
  const agree = plain.filter((c, i) => names[c] === renamed[i]).length;
  assert(agree >= 29, `${agree} of 30 agree`); // ties of votes may fall to another class
});

Deno.test("groups of subjects are apart, about equal, and do not depend on the order of the clips", () => {
  const clips = Array.from(
    { length: 40 },
    (_, i) => ({ database: i % 2 ? "smic" : "samm", subject: `${i % 7}`, clip: `${i}` }),
  );
  const { groups, count } = subjectSplits(clips, 5, 3);
  assertEquals(count, 5);
  const of = new Map<string, number>();
  clips.forEach(({ database, subject }, i) => {
    const name = `${database}/${subject}`;
    assertEquals(of.get(name) ?? groups[i], groups[i]);
    of.set(name, groups[i]!);
  });
  const sizes = [0, 1, 2, 3, 4].map((g) => groups.filter((group) => group === g).length);
  assert(Math.max(...sizes) - Math.min(...sizes) <= 3, `sizes ${sizes}`);
  const turned = subjectSplits([...clips].reverse(), 5, 3).groups.reverse();
  assertEquals([...turned].sort(), [...groups].sort());
  assertEquals(subjectSplits(clips.slice(0, 1), 5, 3).count, 1);
});

Deno.test("C is chosen by subjects left out: where only memory of subjects helps, the score says so", async () => {
  // Each subject has clips of one class and a mark of its own: within a subject all is known, of a new subject nothing but a weak column.
  const random = seededRandom(5);
  const samples = Array.from({ length: 60 }, (_, i) => {
    const subject = i % 10, classIndex = subject % 2;
    const features = new Float32Array(12);
    features[subject] = 5;
    features[11] = random.normal() * 0.01;
    return { database: "smic", subject: `s${subject}`, clip: `c${i}`, classIndex, features };
  });
  const descriptor = { describedBy: "marks", describe: () => new Float32Array(12) };
  const method = svmMethod<"clip">("marks", descriptor, svmSettings.parse({ C: [0.1, 1, 10] }), 2);
  const scores: number[] = [];
  const trained = await method.train(samples, 1, {
    onStep: ({ values }) => {
      scores.push(values.score!);
      return Promise.resolve();
    },
  });
  assertEquals(scores.length, 3);
  assert(scores.every((score) => score < 0.75), `scores ${scores}`); // clips left out at random would score 1
  assertEquals(
    samples.filter((s) => method.predict(trained, s.features).prediction === s.classIndex).length,
    60,
  );
});

/** Numbers scaled by what the training rows alone have; a column that does not vary there becomes 0. */
function scaledBy(kind: "range" | "standard", train: number[][], rows: number[][]): number[][] {
  return rows.map((row) =>
    row.map((value, c) => {
      const column = train.map((other) => other[c]!), mean = column.reduce((a, b) => a + b) / column.length;
      const [least, most] = [Math.min(...column), Math.max(...column)];
      if (most === least) return 0;
      if (kind === "range") return (value - least) / (most - least);
      return (value - mean) / Math.sqrt(column.reduce((sum, v) => sum + (v - mean) ** 2, 0) / column.length);
    })
  );
}

for (const kernel of ["linear", "rbf"] as const) {
  for (const scaling of ["range", "standard"] as const) {
    Deno.test(`scores of candidates: all is learned anew without the group left out (${kernel}, ${scaling})`, () => {
      const { rows, labels } = cloud(6, 48, 5), subject = (i: number) => i % 6;
      rows.forEach((row, i) => {
        row[3] = subject(i) === 2 ? row[3]! : 7; // varies within one subject alone
        if (subject(i) === 4) row[0]! *= 40; // and one has another range
        labels[i] = subject(i) === 5 ? 2 : labels[i]! % 2; // the third class is one subject's
      });
      const clips = rows.map((_, i) => ({ database: "smic", subject: `s${subject(i)}`, clip: `c${i}` }));
      const settings = svmSettings.parse({
        kernel,
        scaling,
        C: [0.1, 5],
        gamma: [0.5, 2],
        classWeights: "balanced",
        splits: 6,
      });
      const found = scoreCandidates(matrixOf(rows), labels, clips, 1, settings);
      assertEquals(found.length, kernel === "rbf" ? 4 : 2);
      for (const { C, gamma, score } of found) {
        const guesses = new Array<number>(48);
        for (let s = 0; s < 6; s++) {
          const train = rows.flatMap((_, i) => subject(i) === s ? [] : [i]);
          const inner = scaledBy(scaling, train.map((i) => rows[i]!), rows);
          const own = train.map((i) => labels[i]!), all = train.flatMap((i) => inner[i]!);
          const mean = all.reduce((a, b) => a + b) / all.length;
          const variance = all.reduce((sum, v) => sum + (v - mean) ** 2, 0) / all.length;
          const present = new Set(own).size;
          const svm = trainSvm(matrixOf(train.map((i) => inner[i]!)), own, {
            kernel: kernel === "rbf" ? { kind: "rbf", gamma: gamma / (5 * variance) } : { kind: "linear" },
            C,
            classWeights: [0, 1, 2].map((c) =>
              own.length / (present * own.filter((l) => l === c).length || own.length)
            ),
          });
          rows.forEach((_, i) => {
            if (subject(i) === s) guesses[i] = predictSvm(svm, matrixOf([inner[i]!]))[0]!;
          });
        }
        const f1 = [0, 1, 2].map((c) => {
          const right = guesses.filter((g, i) => g === c && labels[i] === c).length;
          return 2 * right / (guesses.filter((g) => g === c).length + labels.filter((l) => l === c).length);
        });
        assertAlmostEquals(score!, f1.reduce((a, b) => a + b) / 3, 1e-12);
      }
    });
  }
}

Deno.test("of equal candidates the smallest gamma is taken, then the smallest C", async () => {
  const samples = Array.from({ length: 16 }, (_, i) => ({
    database: "smic",
    subject: `s${i >> 2}`,
    clip: `c${i}`,
    classIndex: i % 2,
    features: Float32Array.of(i % 2 ? 1 : 0, i % 2 ? 0 : 1),
  }));
  const descriptor = { describedBy: "apart", describe: () => new Float32Array(2) };
  const settings = svmSettings.parse({ kernel: "rbf", C: [10, 1, 100], gamma: [3, 1] });
  const scores: number[] = [];
  const trained = await svmMethod<"clip">("apart", descriptor, settings, 2).train(samples, 1, {
    onStep: ({ values }) => {
      scores.push(values.score!);
      return Promise.resolve();
    },
  });
  assertEquals(scores, new Array(6).fill(1));
  assertEquals([trained.C, trained.kernel], [1, { kind: "rbf", gamma: 1 / (2 * 0.25) }]);
});

Deno.test("a pair of classes that comes to the limit of steps is told of", async () => {
  // Two columns that say nothing of the class, and a C that lets no clip be wrong.
  const samples = Array.from({ length: 24 }, (_, i) => ({
    database: "smic",
    subject: "s1",
    clip: `c${i}`,
    classIndex: i % 2,
    features: Float32Array.of(((i * 37) % 23) / 22, ((i * 53) % 19) / 18),
  }));
  const descriptor = { describedBy: "noise", describe: () => new Float32Array(2) };
  for (const [C, expected] of [[1, undefined], [1e12, 1]] as const) {
    const method = svmMethod<"clip">("noise", descriptor, svmSettings.parse({ C: [C] }), 2);
    await method.train(samples, 1, {
      onStep: ({ values }) => {
        assertEquals(values, { C, ...(expected ? { unfinished: expected } : {}) });
        return Promise.resolve();
      },
    });
  }
});

Deno.test("what cannot be trained is refused", () => {
  const data = matrixOf([[0], [1]]);
  assertThrows(() => trainSvm(data, [0]), RangeError, "one label for each");
  assertThrows(() => trainSvm(data, [0, 1], { C: 0 }), RangeError, "C must be a positive number");
  assertThrows(() => trainSvm(matrixOf([[0], [NaN]]), [0, 1]), RangeError, "value 1 is NaN");
  assertThrows(() => matrixOf([[1], [1, 2]]), RangeError, "row 1 has 2 numbers");
});
