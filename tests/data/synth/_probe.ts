// How learnable synthetic databases are: a class-balanced linear classifier (ridge) under leave-one-subject-out, macro-F1 over
// negative, positive, surprise. docs/synthetic.md logs what it prints.
//   deno task deno run -A tests/data/synth/_probe.ts FOLDER
import { join } from "node:path";
import sharp from "sharp";
import { loadClip, readCasme2, readCkplus, readMmi, readSamm, readSmic } from "../../../data/mod.ts";
import type { Sample } from "../../../types.ts";

const classes: Readonly<Record<string, number>> = {
  ...{ negative: 0, disgust: 0, repression: 0, anger: 0, contempt: 0, fear: 0, sadness: 0 },
  ...{ positive: 1, happiness: 1, happy: 1, surprise: 2 },
};
const readers = { casme2: readCasme2, smic: readSmic, samm: readSamm, ckplus: readCkplus, mmi: readMmi };

/** A row of features with its class and subject. */
export interface Row {
  readonly features: Float64Array;
  readonly label: number;
  readonly subject: string;
}

/** The apex frame at 24 x 24, and the same less the onset frame, of every labelled picture clip of the databases. */
export async function probeRows(
  root: string,
  names: readonly (keyof typeof readers)[],
): Promise<{ readonly apex: Row[]; readonly difference: Row[] }> {
  const apex: Row[] = [], difference: Row[] = [];
  for (const name of names) {
    for (const sample of (await readers[name](join(root, name))).samples) {
      const label = classes[sample.label];
      if (label === undefined || sample.source.kind !== "images") continue;
      const [first, strongest] = await onsetAndApex(sample), subject = `${name}/${sample.subject}`;
      apex.push({ features: strongest, label, subject });
      difference.push({ features: strongest.map((x, i) => x - first[i]!), label, subject });
    }
  }
  return { apex, difference };
}

async function onsetAndApex(sample: Sample): Promise<[Float64Array, Float64Array]> {
  // The cache's own decoding: two frames of a clip that ends at its apex are onset and apex.
  const clip = await loadClip({ ...sample, offset: sample.apex }, { frames: 2, size: 24, channels: 1 });
  const first = Float64Array.from(clip.pixels.subarray(0, 24 * 24), (x) => x / 255);
  return [first, Float64Array.from(clip.apex, (x) => x / 255)];
}

/** The rows of a folder of flow pictures. */
export async function flowRows(folder: string): Promise<Row[]> {
  const lines = (await Deno.readTextFile(join(folder, "manifest.csv"))).trimEnd().split("\n").slice(1);
  return await Promise.all(lines.map(async (line) => {
    const [file, database, subject, , label] = line.split(",");
    const pixels = await sharp(join(folder, file!)).raw().toBuffer();
    return {
      features: Float64Array.from(pixels, (x) => x / 255),
      label: Number(label),
      subject: `${database}/${subject}`,
    };
  }));
}

/** Macro-F1 of the linear classifier, every subject held out once. */
export function probe(rows: readonly Row[], ridge = 0.1): number {
  const truth: number[] = [], predicted: number[] = [];
  for (const subject of new Set(rows.map((row) => row.subject))) {
    const train = rows.filter((row) => row.subject !== subject),
      test = rows.filter((row) => row.subject === subject);
    const width = train[0]!.features.length, scaled = standardise(train);
    const x = train.map((row) => scaled(row.features));
    const counts = [0, 1, 2].map((c) => Math.max(1, train.filter((row) => row.label === c).length));
    const weights = train.map((row) => train.length / 3 / counts[row.label]!);
    const kernel = x.map((a, i) => x.map((b, j) => dot(a, b) + (i === j ? ridge * width / weights[i]! : 0)));
    const solved = [0, 1, 2].map((c) => solve(kernel, train.map((row) => (row.label === c ? 1 : 0) - 1 / 3)));
    for (const row of test) {
      const against = x.map((a) => dot(a, scaled(row.features)));
      const scores = solved.map((alpha) => dot(alpha, against));
      truth.push(row.label);
      predicted.push(scores.indexOf(Math.max(...scores)));
    }
  }
  return [0, 1, 2].reduce((sum, c) => {
    const hits = truth.filter((t, i) => t === c && predicted[i] === c).length;
    const both = truth.filter((t) => t === c).length + predicted.filter((p) => p === c).length;
    return sum + (both === 0 ? 0 : 2 * hits / both) / 3;
  }, 0);
}

function standardise(rows: readonly Row[]): (x: Float64Array) => Float64Array {
  const n = rows.length;
  const mean = rows[0]!.features.map((_, k) => rows.reduce((sum, row) => sum + row.features[k]!, 0) / n);
  const deviation = mean.map((m, k) =>
    Math.sqrt(rows.reduce((sum, row) => sum + (row.features[k]! - m) ** 2, 0) / n) + 1e-3
  );
  return (x) => x.map((value, k) => (value - mean[k]!) / deviation[k]!);
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** Solves a symmetric positive definite system by Cholesky's decomposition. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const n = right.length, l = Array.from({ length: n }, () => new Float64Array(n)), y = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i]![j]!;
      for (let k = 0; k < j; k++) sum -= l[i]![k]! * l[j]![k]!;
      l[i]![j] = i === j ? Math.sqrt(sum) : sum / l[j]![j]!;
    }
    y[i] = (right[i]! - dot(l[i]!.subarray(0, i), y)) / l[i]![i]!;
  }
  const x = new Array<number>(n).fill(0);
  for (let i = n - 1; i >= 0; i--) {
    let sum = y[i]!;
    for (let k = i + 1; k < n; k++) sum -= l[k]![i]! * x[k]!;
    x[i] = sum / l[i]![i]!;
  }
  return x;
}

if (import.meta.main) {
  const root = Deno.args[0]!;
  const micro = await probeRows(root, ["casme2", "smic", "samm"]),
    macro = await probeRows(root, ["ckplus", "mmi"]);
  console.log(
    `micro (${micro.apex.length} clips): apex - onset ${probe(micro.difference).toFixed(3)}, apex ${
      probe(micro.apex).toFixed(3)
    }`,
  );
  console.log(
    `macro (${macro.apex.length} clips): apex - onset ${probe(macro.difference).toFixed(3)}, apex ${
      probe(macro.apex).toFixed(3)
    }`,
  );
  console.log(`exact flow: ${probe(await flowRows(join(root, "flow"))).toFixed(3)}`);
}
