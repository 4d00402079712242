// The time of a training of our SVM and of scikit-learn's SVC on made-up clips: 440 of 3 classes with 4425 numbers each (LBP-TOP of 5 x 5 blocks).
//
//   deno task deno run -A bench/descriptors/svm.ts --python .venv/bin/python
import { parseArgs } from "@std/cli/parse-args";
import { seededRandom } from "../../engine/mod.ts";
import { matrixOf, trainSvm } from "../../models/mod.ts";

const flags = parseArgs(Deno.args, { string: ["python"] });
const rows = 440, columns = 4425, random = seededRandom(1);
const labels = Int32Array.from({ length: rows }, () => random.integer(3));
const means = [0, 1, 2].map(() => Float64Array.from({ length: columns }, () => 0.15 * random.normal()));
const data = matrixOf(
  Array.from(labels, (label) => means[label]!.map((mean) => mean + random.normal())),
);
const folder = await Deno.makeTempDir();
try {
  await Deno.writeFile(`${folder}/x.f64`, new Uint8Array(data.values.buffer as ArrayBuffer));
  await Deno.writeFile(`${folder}/y.i32`, new Uint8Array(labels.buffer as ArrayBuffer));
  for (const kernel of [{ kind: "linear" }, { kind: "rbf", gamma: 1 / columns }] as const) {
    let best = Infinity, support = 0;
    for (let i = 0; i < 5; i++) {
      const began = performance.now();
      support = trainSvm(data, [...labels], { kernel }).support.length;
      best = Math.min(best, (performance.now() - began) / 1000);
    }
    console.log(`ours, ${kernel.kind}: ${best.toFixed(3)} s, ${support} support vectors`);
  }
  const { success, stdout, stderr } = await new Deno.Command(String(flags.python ?? "python3"), {
    args: [new URL("./svm.py", import.meta.url).pathname, folder, String(rows), String(columns)],
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  for (const line of new TextDecoder().decode(stdout).trim().split("\n")) {
    const [kernel, seconds, support] = line.split(" ");
    console.log(`scikit-learn, ${kernel}: ${Number(seconds).toFixed(3)} s, ${support} support vectors`);
  }
} finally {
  await Deno.remove(folder, { recursive: true });
}
