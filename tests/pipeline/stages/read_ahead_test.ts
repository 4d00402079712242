// Inputs that are made while the engine computes: the same bytes, nothing to be seen of them before their step, nothing left over.
import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { adam, type Random, seededRandom } from "../../../engine/mod.ts";
import type { NativeBackend } from "../../../engine/native/_load_backend.ts";
import { ReadAhead } from "../../../pipeline/stages/read_ahead.ts";
import { TrainingRecord } from "../../../pipeline/training_record.ts";
import { Stopped, TrainingState } from "../../../pipeline/training_state.ts";
import { UserError } from "../../../types.ts";
import { useEngine } from "../../_engine.ts";
import { testFolder } from "../_tiny.ts";
import { guidedPipeline, TinyStage, values } from "./_guided.ts";

const { name: engine } = await useEngine();
const beside = engine === "native" &&
  (tf.backend() as NativeBackend).binding.executeBeside !== undefined;
const skipped = beside
  ? ""
  : " (skipped: only the native engine, with a binding of ours, makes inputs ahead)";
const clip = (step: number) => ({ database: "d", subject: "s", clip: String(step) });

/** Inputs of numbers, drawn from a stream and told to a record; step `broken` has none. */
class Numbers {
  readonly stream = seededRandom(1);
  readonly record = new TrainingRecord();
  readonly made: number[] = [];
  readonly next: ReadAhead<{ x: tf.Scalar }>;

  constructor(broken = Infinity, from = 0) {
    this.next = new ReadAhead(
      (step) => {
        this.made.push(step);
        this.record.read("micro", clip(step), "sum");
        this.record.label("micro", clip(step), 0);
        const x = this.stream.integer(1000);
        if (step === broken) throw new UserError("Cannot read frame 7 of clip 3");
        return { x: tf.scalar(x) };
      },
      { steps: 4, from },
      { streams: [this.stream], record: this.record },
    );
  }

  /** What a checkpoint would keep. */
  get seen(): string {
    return JSON.stringify([this.stream.state(), this.record]);
  }

  take(): number {
    const { x } = this.next.take();
    const [value] = x.dataSync();
    x.dispose();
    return value!;
  }
}

Deno.test("of inputs made ahead nothing is seen before they are taken, and they are those of their step", () => {
  const [plain, ahead] = [new Numbers(), new Numbers()];
  for (let step = 0; step < 4; step++) {
    const before = ahead.seen;
    ahead.next.ahead();
    ahead.next.ahead(); // once is enough
    assertEquals([ahead.seen, ahead.made.length], [before, step + 1]);
    assertEquals(ahead.take(), plain.take());
    assertEquals(ahead.seen, plain.seen);
  }
  ahead.next.ahead(); // the training is over
  assertEquals(ahead.made, [0, 1, 2, 3]);
});

Deno.test("an error of inputs made ahead comes at their step, whole", () => {
  const numbers = new Numbers(1);
  numbers.next.ahead();
  numbers.take();
  numbers.next.ahead();
  assertThrows(() => numbers.take(), UserError, "Cannot read frame 7 of clip 3");
});

Deno.test("inputs that no step took are disposed", () => {
  const before = tf.memory().numTensors;
  {
    using next = new Numbers().next;
    next.ahead();
    assertEquals(tf.memory().numTensors, before + 1);
  }
  assertEquals(tf.memory().numTensors, before);
});

/** A stage (c) whose batches are drawn and told like those of runs, with checkpoints; `stopAt` asks it to stop after a step, as SIGTERM does. */
async function train(
  { ahead, folder, stopAt = Infinity, broken = Infinity }: {
    ahead: boolean;
    folder?: string;
    stopAt?: number;
    broken?: number;
  },
): Promise<{ losses: unknown; params: unknown; record: string; made: string[] }> {
  const pipeline = guidedPipeline();
  Object.assign(pipeline.stages.guided, { steps: 7, decay: "cosine" });
  const stage = new TinyStage(pipeline), optimiser = adam({ learningRate: 0.01 });
  const record = new TrainingRecord();
  record.enter({ stage: "guided", row: "all" });
  const [changes, offsets, dropout] = ["changes", "offsets", "dropout"].map((name) => seededRandom(name)) as [
    Random,
    Random,
    Random,
  ];
  let step = 0;
  // The clock stands still, so that every epoch is written, however slow the disk is.
  const state = new TrainingState(folder, { record, stop: () => step === stopAt, now: () => 0 });
  const loop = await state.loop("guided", {
    params: stage.params,
    optimiser,
    streams: { changes, offsets, dropout },
    steps: 7,
    epoch: 2,
  });
  step = loop.from;
  /** When each batch was made: in its own step, or in the one before. */
  const made: string[] = [];
  const data = stage.data();
  try {
    await stage.train(
      {
        drawMicro: loop.forward(data.drawMicro),
        drawMacro: loop.forward(data.drawMacro),
        microBatch: (positions) => {
          made.push(`${loop.from + made.length} at ${step}`);
          if (loop.from + made.length > broken) throw new UserError("Cannot read frame 7 of clip 3");
          for (const p of positions) {
            record.label("micro", clip(p), stage.microClasses[p]!);
            record.read("micro", clip(p), "sum");
          }
          const clips = stage.micro.map((clip) => ({
            ...clip,
            apex: clip.apex.map((v) => v ^ changes.integer(8)),
          }));
          return stage.batch(clips, positions);
        },
        offsets: () => [0, offsets.integer(2)],
        random: dropout.next,
        from: loop.from,
        ...(ahead ? { trail: { streams: [changes, offsets], record } } : {}),
      },
      optimiser,
      async (done) => {
        step = done;
        record.during({ stage: "test", row: "all" }, () => record.read("micro", clip(done), "test")); // a look at a test clip
        await loop.after(done);
      },
    );
    return { losses: stage.losses, params: values(stage.params), record: JSON.stringify(record), made };
  } finally {
    optimiser.dispose();
    stage.dispose();
  }
}

Deno.test({
  name: `training with inputs made ahead leaves the bytes of training without, also of the record${skipped}`,
  ignore: !beside,
  async fn() {
    const [with_, without] = [await train({ ahead: true }), await train({ ahead: false })];
    assertEquals(without.made, ["0 at 0", "1 at 1", "2 at 2", "3 at 3", "4 at 4", "5 at 5", "6 at 6"]);
    assertEquals(with_.made, ["0 at 0", "1 at 0", "2 at 1", "3 at 2", "4 at 3", "5 at 4", "6 at 5"]);
    assertEquals({ ...with_, made: [] }, { ...without, made: [] });
  },
});

Deno.test({
  name:
    `a training that stops with inputs made ahead goes on to the same bytes, and leaves no tensor${skipped}`,
  ignore: !beside,
  async fn() {
    const whole = await train({ ahead: false });
    for (const stopAt of [1, 4]) {
      const folder = `${testFolder()}/ahead${stopAt}`, before = tf.memory().numTensors;
      await assertRejects(() => train({ ahead: true, folder, stopAt }), Stopped);
      assertEquals(tf.memory().numTensors, before);
      const again = await train({ ahead: true, folder });
      assertEquals(tf.memory().numTensors, before);
      assertEquals([again.params, again.record], [whole.params, whole.record], `stopped after ${stopAt}`);
      assertEquals(again.made[0], `${stopAt} at ${stopAt}`);
      assertEquals(again.losses, (whole.losses as unknown[]).slice(stopAt));
    }
  },
});

Deno.test({
  name: `an unreadable clip fails its own step, after the steps before it are kept${skipped}`,
  ignore: !beside,
  async fn() {
    const folder = `${testFolder()}/broken`, before = tf.memory().numTensors;
    await assertRejects(
      () => train({ ahead: true, folder, broken: 4 }),
      UserError,
      "Cannot read frame 7 of clip 3",
    );
    assertEquals(tf.memory().numTensors, before);
    const [again, whole] = [await train({ ahead: true, folder }), await train({ ahead: false })];
    assertEquals([again.made[0], again.params], ["4 at 4", whole.params]); // step 4 ended the second epoch
  },
});
