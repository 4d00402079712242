// Checkpoints: what a loop takes back, what it skips, what is damaged, when it stops.
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { adam, type Random, seededRandom } from "../../engine/mod.ts";
import { History } from "../../pipeline/history.ts";
import { TrainingRecord } from "../../pipeline/training_record.ts";
import { type CheckpointPace, Stopped, TrainingState } from "../../pipeline/training_state.ts";
import type { Params } from "../../types.ts";
import { useEngine } from "../_engine.ts";
import { testFolder } from "./_tiny.ts";

const steps = 7, epoch = 3;
let folders = 0;
const newFolder = () => `${testFolder()}/state${folders++}`;

/** A training whose every step depends on all that came before; `until` ends it as a kill would. */
async function train(
  folder: string | undefined,
  until = Infinity,
  options: { stop?: () => boolean; said?: string[]; skipped?: number[] } = {},
): Promise<{ values: number[]; csv: string; record: string; made: number }> {
  await useEngine();
  const record = new TrainingRecord();
  const state = new TrainingState(folder, {
    record,
    say: (line) => options.said?.push(line),
    onSkip: (n) => options.skipped?.push(n),
    ...(options.stop ? { stop: options.stop } : {}),
    now: () => 0, // however slow the disk is, every epoch is written
  });
  const history = new History(), params: Params = { w: tf.tensor1d([1, 2]), mean: tf.scalar(0) };
  let made = 0;
  for (const stage of ["micro", "guided"] as const) {
    record.enter({ stage, row: "all" });
    record.statistic("setup", [1]); // once, however often the setup is done again
    const optimiser = adam({ learningRate: 0.1 });
    const noise = seededRandom(`noise ${stage}`), draws = seededRandom(`draws ${stage}`);
    const loop = await state.loop(stage, {
      params,
      optimiser,
      streams: { noise },
      kept: { history },
      steps,
      epoch,
    });
    const draw = loop.forward(() => draws.integer(1000));
    for (let step = loop.from + 1; step <= steps; step++) {
      if (++made > until) return { values: [], csv: "", record: "", made };
      oneStep(params, optimiser, draw, noise);
      record.label("micro", { database: "d", subject: "s", clip: String(step) }, 0);
      history.add(stage, { step, steps, values: { w: params.w!.dataSync()[0] as number } });
      await loop.after(step);
    }
    optimiser.dispose();
  }
  const values = [...params.w!.dataSync(), ...params.mean!.dataSync()];
  tf.dispose(params);
  return { values, csv: history.toCsv(), record: JSON.stringify(record), made };
}

function oneStep(
  params: Params,
  optimiser: ReturnType<typeof adam>,
  draw: () => number,
  noise: Random,
): void {
  const grads = { w: tf.tensor1d([draw() / 100 - noise.normal(), noise.normal()]) };
  optimiser.step(params, grads);
  grads.w.dispose();
  const mean = tf.tidy(() => params.mean!.mul(0.9).add(params.w!.mean().mul(0.1)) as tf.Scalar);
  params.mean!.dispose();
  params.mean = mean;
}

Deno.test("a training that is killed after any step goes on from its last epoch, to the same values", async () => {
  const whole = await train(undefined);
  for (let until = 0; until < 2 * steps; until++) {
    const folder = newFolder(), skipped: number[] = [];
    await train(folder, until);
    const again = await train(folder, Infinity, { skipped });
    assertEquals({ ...again, made: 0 }, { ...whole, made: 0 }, `killed after ${until} steps`);
    const kept = until < steps ? [until - until % epoch] : [steps, (until - steps) - (until - steps) % epoch];
    assertEquals(skipped, kept.filter((n) => n > 0));
    assertEquals(again.made, 2 * steps - kept.reduce((a, b) => a + b));
  }
});

Deno.test("checkpoints that take long are left out until writing is a fiftieth of the time, others never", async () => {
  await useEngine();
  const written = async (cost: number, pace?: CheckpointPace): Promise<number[]> => {
    let time = 0, step = 0;
    const steps: number[] = [], params: Params = { w: tf.scalar(1) };
    const probe = { toJSON: () => void steps.push(step), restore: () => {} };
    const state = new TrainingState(newFolder(), {
      record: new TrainingRecord(),
      now: () => time += cost, // asked before and after writing, and whether it is time
      ...(pace ? { pace } : {}),
    });
    const loop = await state.loop("micro", {
      ...{ params, optimiser: adam(), streams: {}, kept: { probe }, steps: 30, epoch: 1 },
    });
    for (step = 1; step <= 30; step++) {
      time += 100;
      await loop.after(step);
    }
    tf.dispose(params);
    return steps;
  };
  assertEquals(await written(9), Array.from({ length: 30 }, (_, i) => i + 1));
  assertEquals(await written(20), [1, 10, 19, 28, 30]); // 9 x 120 ms are more than 49 x 20 ms; the end is always kept
  const pace = { cost: 0 };
  assertEquals(await written(20, pace), [1, 10, 19, 28, 30]);
  assertEquals(await written(20, pace), [9, 18, 27, 30]); // known from the training before
});

Deno.test("a training that is asked to stop keeps the step that it is at", async () => {
  const folder = newFolder(), whole = await train(undefined);
  let asked = 0;
  await assertRejects(() => train(folder, Infinity, { stop: () => ++asked === 5 }), Stopped);
  const again = await train(folder);
  assertEquals([again.values, again.made], [whole.values, 2 * steps - 5]);
});

Deno.test("a damaged checkpoint is named, and what it held is trained anew", async () => {
  const whole = await train(undefined);
  const damages: [string, (bytes: Uint8Array) => Uint8Array][] = [
    ["half of it", (bytes) => bytes.slice(0, bytes.length / 2)],
    ["nothing", () => new Uint8Array()],
    ["another number", (bytes) => bytes.with(bytes.length - 1, bytes.at(-1)! ^ 1)],
    ["another state", (bytes) => {
      const at = new TextDecoder("latin1").decode(bytes).indexOf('\\"seconds\\":') + 12;
      return bytes.with(at, bytes[at]! ^ 1);
    }],
  ];
  for (const [what, damage] of damages) {
    const folder = newFolder(), said: string[] = [];
    await train(folder, steps + epoch + 1);
    const file = `${folder}/now.safetensors`;
    await Deno.writeFile(file, damage(await Deno.readFile(file)));
    const again = await train(folder, Infinity, { said });
    assertEquals([again.values, again.made], [whole.values, steps], what); // the first loop is kept
    assertEquals(said.length, 1);
    assertMatch(
      said[0]!,
      /^The checkpoint .*now\.safetensors is damaged \(.+\); what it held is trained anew\.$/,
    );
  }
});

Deno.test("a checkpoint of another network is of no use, and that is said", async () => {
  const folder = newFolder(), said: string[] = [];
  await train(folder, 5);
  await useEngine();
  const params = { w: tf.tensor1d([1, 2, 3]), mean: tf.scalar(0) };
  const state = new TrainingState(folder, { record: new TrainingRecord(), say: (line) => said.push(line) });
  const { from } = await state.loop("micro", { params, optimiser: adam(), streams: {}, steps, epoch });
  assertEquals([from, params.w.shape], [0, [3]]);
  assertMatch(said[0]!, /it is of another network/);
  tf.dispose(params);
});

Deno.test("work whose result alone is needed is done once, and its loops are kept only until then", async () => {
  await useEngine();
  const folder = newFolder();
  let worked = 0;
  const open = () => {
    const record = new TrainingRecord(), skipped: number[] = [];
    const state = new TrainingState(folder, { record, onSkip: (n) => skipped.push(n) });
    const work = async () => {
      worked++;
      assertEquals(record.scope, "inner a/0");
      const params: Params = { w: tf.scalar(1) };
      const loop = await state.loop("micro", { params, optimiser: adam(), streams: {}, steps: 1, epoch: 1 });
      if (loop.from === 0) await loop.after(1);
      record.label("micro", { database: "d", subject: "s", clip: "c" }, 0);
      tf.dispose(params);
      return { uf1: 0.5 };
    };
    return { record, skipped, result: () => state.once("inner a/0", 4, work) };
  };
  const first = open();
  assertEquals(await first.result(), { uf1: 0.5 });
  const again = open();
  assertEquals([await again.result(), again.skipped], [{ uf1: 0.5 }, [4]]);
  assertEquals([worked, again.record.scope], [1, "final"]);
  assertEquals(JSON.stringify(again.record), JSON.stringify(first.record));
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name);
  assertEquals(names, ["once%20inner%20a%2F0.safetensors"]);
});

Deno.test("no tensor is left over by checkpoints, written or read", async () => {
  const folder = newFolder();
  await train(folder, steps + 5);
  const before = tf.memory().numTensors;
  await train(folder);
  assertEquals(tf.memory().numTensors, before);
  assert((await Deno.stat(`${folder}/final%2Fguided.safetensors`)).size > 0);
});
