// A run made by hand, with names that would break a page that does not escape.
import { seededRandom } from "../../../engine/random.ts";
import type { ReportFeatures, ReportRun } from "../../../eval/report/mod.ts";

export const classes = ["negative", "positive <b>", "sur\"prise'"];
const random = seededRandom("run");

const clips = Array.from({ length: 48 }, (_, i) => ({
  database: ["casme2", "smic"][i % 2]!,
  subject: `s${i % 8 >> 1}${i === 3 ? "<script>alert(1)</script>" : ""}`,
  clip: `clip & ${i}`,
  truth: i % 3,
}));

function predictions(right: number) {
  return clips.map((clip) => {
    const prediction = random.next() < right ? clip.truth : random.integer(3);
    const probabilities = [0, 1, 2].map((c) => c === prediction ? 0.8 : 0.1);
    return { ...clip, prediction, probabilities };
  });
}

const names = clips.map(({ database, subject, clip }) => `${database}/${subject}/${clip}`);

/** A run of two rows and two seeds on 48 clips; `changes` go over it. */
export function handMadeRun(changes: Partial<ReportRun> = {}): ReportRun {
  const rows = ["lc", "all"].flatMap((row, r) =>
    [1, 2].map((seed) => ({
      row,
      title: r === 0 ? "L_c" : "all (Eq. 8)",
      seed,
      predictions: predictions(0.4 + 0.3 * r),
    }))
  );
  const features = (group: ReportFeatures["group"], count: number): ReportFeatures[] =>
    Array.from({ length: count }, (_, i) => ({
      group,
      name: group === "macro" ? `ckplus/S${i}/1` : names[i]!,
      subject: group === "macro" ? `ckplus/S${i}` : `${clips[i]!.database}/${clips[i]!.subject}`,
      classIndex: i % 3,
      z: Float32Array.from({ length: 8 }, (_, d) => random.next() + (d % 3 === i % 3 ? 1 : 0)),
    }));
  const grid = (...shape: number[]) => ({
    shape,
    values: Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => random.next()),
  });
  return {
    name: "hand-made <i>",
    description: "A run & its <b>report</b>.",
    marks: [],
    classes,
    protocol: "Composite evaluation.",
    folds: { done: 16, planned: 16 },
    rows,
    histories: rows.flatMap(({ row }) =>
      [0, 1, 2].map((f) => ({
        row,
        lines: Array.from({ length: 10 }, (_, i) => ({
          stage: "guided",
          step: i + 1,
          values: {
            loss: 3 / (i + 1 + f),
            accuracy: i / 10,
            ...(row === "all" ? { spatialAccuracy: 0.6, relationAccuracy: 0.4 } : {}),
          },
        })),
      }))
    ),
    intervals: 3,
    features: [...features("before", 48), ...features("after", 48), ...features("macro", 20)],
    pictures: new Map(names.map((name) => [name, { apex: grid(4, 4), frames: grid(5, 4, 4) }])),
    faces: false,
    facts: [["command", "m2m run a&b.yaml"]],
    yaml: "name: a\nnested:\n  - <b>",
    settings: [["name", "a"], ["nested.0", "<b>"]],
    licences: ["Look it up."],
    task: "cde",
    ...changes,
  };
}
