// Whether all ways to use a model say the same: a small model is trained on synthetic databases (an ensemble of nine folds) and exported; 50 clips go through it on each engine that
// is here, and through PyTorch by load_minet.py.
//   deno task deno run -A bench/predict/agreement.ts [--out DIR]     M2M_PYTHON names a Python with torch and numpy
// Prints the largest difference of a logit to the first engine's, and fails above 1e-4. With --out the folder keeps model/, clips.npy and logits.json, for other programs to join in.
import { parseArgs } from "@std/cli";
import { readCachedClip } from "../../data/mod.ts";
import { npy } from "../../data/prepare/_npy.ts";
import { availableEngines, startEngine } from "../../engine/mod.ts";
import { definePipeline, runPipeline } from "../../pipeline/mod.ts";
import type { Plan } from "../../pipeline/plan.ts";
import { exportModel } from "../../predict/export_model.ts";
import { loadModel } from "../../predict/mod.ts";

const { out = await Deno.makeTempDir(), width = "16" } = parseArgs(Deno.args, { string: ["out", "width"] });
const python = Deno.env.get("M2M_PYTHON") || "python3";
const count = 50, limit = 1e-4;

/** Each member's logits by clip. */
type Logits = Record<string, number[][]>;

const pipeline = definePipeline({
  name: "agreement",
  micro: { databases: ["smic"] },
  macro: { databases: ["ckplus"] },
  synthetic: {
    seed: 1,
    subjects: { casme2: 0, smic: 9, samm: 0, ckplus: 4, mmi: 0 },
    clipsPerSubject: 6,
    size: 96,
  },
  clip: { frames: 8, size: 64, channels: 3 },
  network: { width: Number(width) },
  losses: { spatial: {}, relation: {}, temporal: {}, contrastive: {} },
  stages: {
    macro: { steps: 4, batch: 4 },
    micro: { steps: 6, batch: 4, learningRate: 0.001 },
    guided: { steps: 4, batch: 4, learningRate: 0.001 },
  },
  protocol: "loso",
});
const { run } = await runPipeline(pipeline, {
  data: `${out}/data`,
  cache: `${out}/cache`,
  out: `${out}/run`,
  resume: true,
  progress: "plain",
});
await Deno.remove(`${out}/model`, { recursive: true }).catch(() => {});
await exportModel(run, `${out}/model`);
const plan = JSON.parse(await Deno.readTextFile(`${run}/plan.json`)) as Plan;
if (plan.micro.length < count) throw new Error(`there are ${plan.micro.length} clips, ${count} are needed`);
const clips = plan.micro.slice(0, count).map(({ file }) => readCachedClip(file, plan.pipeline.clip));
const [T, ...image] = clips[0]!.shape, length = (T + 1) * image.reduce((a, b) => a * b);
const bytes = new Uint8Array(count * length);
clips.forEach(({ pixels, apex }, n) => {
  bytes.set(pixels, n * length);
  bytes.set(apex, n * length + pixels.length);
});
await Deno.writeFile(`${out}/clips.npy`, npy(bytes, [count, T + 1, ...image]));

const found: [string, Logits][] = [];
for (const { name, available } of await availableEngines()) {
  if (!available || name === "webgpu") continue;
  await startEngine(name, { say: () => {} });
  const model = await loadModel(`${out}/model`);
  const logits: Logits = Object.fromEntries(model.description.members.map(({ name }) => [name, []]));
  for (const clip of clips) {
    for (const { name, logits: of } of model.predict(clip).members) logits[name]!.push([...of]);
  }
  model.dispose();
  found.push([name, logits]);
}
const { success, stdout, stderr } = await new Deno.Command(python, {
  args: [`${out}/model/load_minet.py`, `${out}/clips.npy`],
}).output();
if (!success) throw new Error(`PyTorch: ${new TextDecoder().decode(stderr)}`);
found.push(["PyTorch", JSON.parse(new TextDecoder().decode(stdout)).members]);

const [[firstName, first]] = found as [[string, Logits]];
await Deno.writeTextFile(`${out}/logits.json`, JSON.stringify(Object.fromEntries(found)));
let worst = 0;
const flat = (logits: Logits) => Object.keys(first).flatMap((name) => logits[name]!.flat());
const reference = flat(first);
console.log(
  `${count} clips, ${Object.keys(first).length} networks, logits from ${
    Math.min(...reference).toFixed(3)
  } to ${Math.max(...reference).toFixed(3)}`,
);
for (const [name, logits] of found.slice(1)) {
  const difference = Math.max(...flat(logits).map((value, i) => Math.abs(value - reference[i]!)));
  worst = Math.max(worst, Number.isNaN(difference) ? Infinity : difference);
  console.log(`${name} against ${firstName}: largest difference ${difference.toExponential(1)}`);
}
Deno.exit(worst <= limit ? 0 : 1);
