// The fold of a comparison network: interrupted and gone on with, peeked at, explained, audited like every other.
import { assert, assertEquals, assertRejects } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { capsuleNet, readSafetensors, saveParams } from "../../../models/mod.ts";
import { makePlan } from "../../../pipeline/make_plan.ts";
import { methodOf } from "../../../pipeline/methods/mod.ts";
import type { JobOptions } from "../../../pipeline/methods/train_fold.ts";
import { definePipeline } from "../../../pipeline/mod.ts";
import type { Plan } from "../../../pipeline/plan.ts";
import { foldFolder } from "../../../pipeline/run_folder.ts";
import { Stopped } from "../../../pipeline/training_state.ts";
import { sha256 } from "../../../sha256.ts";
import { useEngine } from "../../_engine.ts";
import { testFolder } from "../_tiny.ts";

const steps = 12;
const plans = new Map<string, Promise<Plan>>();

function planOf(method: "ststnet" | "off-apexnet"): Promise<Plan> {
  if (!plans.has(method)) plans.set(method, make(method));
  return plans.get(method)!;
}

async function make(method: "ststnet" | "off-apexnet"): Promise<Plan> {
  const { name } = await useEngine();
  const pipeline = definePipeline({
    name: "x",
    method,
    micro: { databases: ["smic"] },
    synthetic: { subjects: { casme2: 0, smic: 2, samm: 0, ckplus: 0 }, clipsPerSubject: 4, size: 48 },
    clip: { frames: 2, size: 32 },
    methodSettings: { steps, batch: 2, learningRate: 1e-2, dropout: 0.5 },
  });
  return await makePlan(pipeline, name, {
    data: `${testFolder()}/data`,
    cache: `${testFolder()}/cache`,
    small: false,
    say: () => {},
  });
}

/** Trains the first fold and gives its files. */
async function train(plan: Plan, out: string, options: JobOptions = {}): Promise<Map<string, Uint8Array>> {
  const run = `${testFolder()}/${out}`;
  await methodOf(plan.pipeline).trainFold(plan, run, 0, 1, () => Promise.resolve(), options);
  const folder = foldFolder(run, 1, plan.folds[0]!.name);
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name).filter((name) =>
    name !== "timing.json"
  );
  return new Map(names.sort().map((name) => [name, Deno.readFileSync(`${folder}/${name}`)]));
}

for (const method of ["ststnet", "off-apexnet"] as const) {
  Deno.test(`a fold of ${method} that was stopped goes on from its step, to the same bytes`, async () => {
    const plan = await planOf(method);
    const whole = await train(plan, `${method} whole`);
    let asked = 0;
    await assertRejects(() => train(plan, `${method} stopped`, { stop: () => ++asked === 5 }), Stopped);
    const resumed: number[] = [], said: string[] = [];
    const again = await train(plan, `${method} stopped`, {
      resumed: (done) => void resumed.push(done),
      say: (line) => void said.push(line),
    });
    assertEquals(resumed, [5]);
    assertEquals(said, []);
    assertEquals(again, whole);
  });
}

Deno.test("--peek looks after every epoch of a comparison network and changes nothing else", async () => {
  const plan = await planOf("ststnet");
  const honest = await train(plan, "honest");
  const peeked = await train({ ...plan, peek: true }, "peeked");
  assertEquals([...peeked.keys()].filter((name) => !honest.has(name)), ["PEEKED.json"]);
  for (const name of ["predictions.json", "trained-ststnet.safetensors", "insight-ststnet.safetensors"]) {
    assertEquals(peeked.get(name), honest.get(name), name);
  }
  const { PEEKED } = JSON.parse(new TextDecoder().decode(peeked.get("PEEKED.json")));
  const epoch = Math.ceil(plan.folds[0]!.train.length / 2);
  assertEquals(PEEKED.ststnet.epochs, Math.ceil(steps / epoch));
  assert(PEEKED.ststnet.epochs > 1);
});

Deno.test("the networks of all folds of an STSTNet run begin with the same weights", async () => {
  const plan = await planOf("ststnet");
  const still = {
    ...plan,
    pipeline: { ...plan.pipeline, methodSettings: { ...plan.pipeline.methodSettings, learningRate: 1e-30 } },
  };
  const run = `${testFolder()}/still`;
  const weights = [];
  for (const [i, { name }] of plan.folds.entries()) {
    await methodOf(still.pipeline).trainFold(still, run, i, 1, () => Promise.resolve());
    const { tensors } = readSafetensors(
      await Deno.readFile(`${foldFolder(run, 1, name)}/trained-ststnet.safetensors`),
    );
    weights.push(tensors.get("conv1.weight")!.data);
  }
  assertEquals(plan.folds.length, 2);
  assertEquals(weights[0], weights[1]);
});

Deno.test("pretrained weights are found beside the databases, and the record tells which they were", async () => {
  const { data } = await planOf("ststnet"), { name } = await useEngine();
  const source = capsuleNet({ size: 136, width: 2 }).init(99);
  const weights = Object.entries(source).filter(([name]) => name.startsWith("conv."));
  const bytes = await saveParams(Object.fromEntries(weights.map(([name, t]) => [name.slice(5), t])));
  tf.dispose(source);
  await Deno.writeFile(`${data}/resnet18.safetensors`, bytes);
  const settings = { steps: 1, batch: 2, size: 136, width: 2, pretrained: "resnet18.safetensors" };
  const pipeline = definePipeline({
    name: "x",
    method: "capsulenet",
    micro: { databases: ["smic"] },
    clip: { frames: 2, size: 136 },
    methodSettings: { ...settings, learningRate: 1e-30 },
  });
  const options = { data, cache: `${testFolder()}/cache`, small: false, say: () => {} };
  const files = await train(await makePlan(pipeline, name, options), "pretrained");
  const read = (file: string) => readSafetensors(files.get(file)!).tensors;
  const first = readSafetensors(bytes).tensors.get("conv1.weight")!.data;
  assertEquals(read("trained-capsulenet.safetensors").get("conv.conv1.weight")!.data, first);
  const { uses } = JSON.parse(new TextDecoder().decode(files.get("record.json")));
  const began = uses.flatMap(({ weights }: { weights: unknown[] }) => weights);
  assertEquals(began, [["pretrained", sha256(bytes)]]);
});

Deno.test("two names of one person are not told apart when C is chosen", async () => {
  const { name } = await useEngine();
  const pipeline = definePipeline({
    name: "x",
    method: "lbp-top",
    micro: { databases: ["smic"] },
    synthetic: { subjects: { casme2: 0, smic: 3, samm: 0, ckplus: 0 }, clipsPerSubject: 3, size: 48 },
    clip: { frames: 5, size: 32 },
    methodSettings: { radii: { x: 1, y: 1, t: 1 }, grid: { rows: 2, columns: 2 }, svm: { C: [0.1, 1] } },
  });
  const options = {
    data: `${testFolder()}/three`,
    cache: `${testFolder()}/cache`,
    small: false,
    say: () => {},
  };
  const plan = await makePlan(pipeline, name, options);
  const others = plan.folds.slice(1).map((fold) => fold.name); // whom the first fold trains on
  const history = async (plan: Plan, out: string) =>
    new TextDecoder().decode((await train(plan, out)).get("history-lbp-top.csv")!).split("\n")[0];
  assertEquals(await history(plan, "two persons"), "stage,step,C,score");
  const one = { ...plan, pipeline: { ...pipeline, identities: [others] } };
  assertEquals(await history(one, "one person"), "stage,step,C"); // of one person nothing can be left out
});
