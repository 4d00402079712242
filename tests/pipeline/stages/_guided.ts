// A tiny stage (c) to test: clips of noise, three classes, networks of a few channels.
import * as tf from "@tensorflow/tfjs";
import { adam, type Optimiser, seededRandom } from "../../../engine/mod.ts";
import { pipelineRows, type Row } from "../../../pipeline/rows.ts";
import { type ClipBatch, clipBatch } from "../../../pipeline/stages/clip_batch.ts";
import { expressionNetwork } from "../../../pipeline/stages/expression_network.ts";
import { GuidedNetworks } from "../../../pipeline/stages/guided_networks.ts";
import { under } from "../../../pipeline/stages/params.ts";
import { type GuidedData, trainGuided } from "../../../pipeline/stages/train_guided.ts";
import type { Pipeline } from "../../../pipeline/mod.ts";
import type { Clip, Params } from "../../../types.ts";
import { tinyPipeline } from "../_tiny.ts";

export const classes = 3;

/** The pipeline of a test: width 2, clips of 4 frames of 16 pixels. */
export function guidedPipeline(changes: Partial<Pipeline> = {}): Pipeline {
  const pipeline = tinyPipeline({
    clip: { frames: 4, size: 16, channels: 1 },
    network: { width: 2, stem: "small", intervals: { count: 2 } },
    stages: { guided: { steps: 3, batch: 2, learningRate: 0.01 } },
  });
  return { ...pipeline, ...changes };
}

/** Clips of noise, each with a brighter patch of its own. */
export function noiseClips(
  count: number,
  seed: number,
  { frames, size, channels }: Pipeline["clip"],
): Clip[] {
  const random = seededRandom(seed);
  const side = size * size * channels;
  return Array.from({ length: count }, (_, n) => {
    const draw = (i: number) => random.integer(120) + ((i + 7 * n) % 31 < 9 ? 100 : 0);
    return {
      pixels: Uint8Array.from({ length: frames * side }, (_, i) => draw(i)),
      shape: [frames, size, size, channels],
      apex: Uint8Array.from({ length: side }, (_, i) => draw(i)),
    } as const;
  });
}

/** Everything that stage (c) of a row needs, with MiNet and MaNet from two seeds. */
export class TinyStage {
  readonly row: Row;
  readonly networks: GuidedNetworks;
  readonly params: Params;
  readonly manet: Params;
  readonly micro: Clip[];
  readonly macro: Clip[];
  readonly microClasses = [0, 1, 2, 0, 1];
  readonly macroClasses = [2, 1, 0, 1];
  readonly drawn: number[][] = [];
  readonly losses: Record<string, number>[] = [];
  readonly pipeline: Pipeline;

  constructor(pipeline: Pipeline, row: Partial<Row> = {}) {
    this.pipeline = pipeline;
    this.row = { ...pipelineRows(pipeline).at(-1) as Row, ...row };
    this.networks = new GuidedNetworks(pipeline, classes, this.row);
    const network = this.network();
    this.manet = network.init(2);
    this.params = { ...under(network.init(1), "minet."), ...this.networks.initHeads(this.row, 1) };
    this.micro = noiseClips(5, 1, pipeline.clip);
    this.macro = noiseClips(4, 2, pipeline.clip);
  }

  /** MiNet's and MaNet's description. */
  network(): ReturnType<typeof expressionNetwork> {
    return expressionNetwork(this.pipeline, classes, this.row.videoFeature, "plain");
  }

  /** Clips as tensors; the caller disposes them. */
  batch(clips: readonly Clip[], positions: readonly number[]): ClipBatch {
    return clipBatch(positions.map((p) => clips[p] as Clip), this.pipeline.clip);
  }

  /** MaNet's maps of macro clips, computed on the spot in inference mode. */
  mapsOf(positions: readonly number[]): { apexMap?: tf.Tensor4D; frameMaps?: tf.Tensor5D } {
    const input = this.batch(this.macro, positions);
    const maps = tf.tidy(() => {
      const { apexMap, frameMaps } = this.network().apply(this.manet, input, "infer");
      return { ...(apexMap ? { apexMap } : {}), ...(frameMaps ? { frameMaps } : {}) };
    });
    tf.dispose([input.apex, input.frames]);
    return maps;
  }

  /** Where the stage draws from; the same clips for the same seed. */
  data(changes: Partial<GuidedData> = {}): GuidedData {
    const random = seededRandom(5);
    const [micro, macro] = [random.fork("micro"), random.fork("macro")];
    const { batch } = this.pipeline.stages.guided;
    const draw = (from: ReturnType<typeof seededRandom>, count: number) =>
      Array.from({ length: batch }, () => from.integer(count));
    return {
      drawMicro: () => {
        const positions = draw(micro, this.micro.length);
        this.drawn.push(positions);
        return positions;
      },
      microBatch: (positions) => this.batch(this.micro, positions),
      microClasses: this.microClasses,
      drawMacro: () => draw(macro, this.macro.length),
      macroInput: (positions) => ({ maps: this.mapsOf(positions) }),
      macroClasses: this.macroClasses,
      offsets: () => undefined,
      random: random.fork("dropout").next,
      ...changes,
    };
  }

  /** Trains; gives the losses of each step. */
  async train(
    changes: Partial<GuidedData> = {},
    optimiser: Optimiser = adam({ learningRate: 0.01 }),
    onStep: (step: number) => void | Promise<void> = () => {},
  ): Promise<Record<string, number>[]> {
    await trainGuided(
      this.networks,
      this.row,
      this.pipeline,
      this.params,
      optimiser,
      this.data(changes),
      ({ step, values }) => {
        this.losses.push({ ...values });
        return onStep(step);
      },
    );
    optimiser.dispose();
    return this.losses;
  }

  dispose(): void {
    tf.dispose([this.params, this.manet]);
  }
}

/** An optimiser that moves nothing and keeps the numbers of the gradients. */
export class GradientRecorder implements Optimiser {
  learningRate = 0;
  readonly steps: Record<string, Float32Array>[] = [];
  step(_params: Params, grads: Params): void {
    this.steps.push(values(grads));
  }
  state(): Params {
    return {};
  }
  restore(): void {}
  dispose(): void {}
}

/** The numbers of parameters, by name. */
export function values(params: Params): Record<string, Float32Array> {
  return Object.fromEntries(
    Object.entries(params).map(([name, t]) => [name, Float32Array.from(t.dataSync())]),
  );
}
