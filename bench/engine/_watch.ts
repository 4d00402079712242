import * as tf from "@tensorflow/tfjs";
import { cpuUsage } from "node:process";

/** Milliseconds that the processor worked for this process: other processes disturb it less than wall time. */
export function processorTime(): number {
  const { user, system } = cpuUsage();
  return (user + system) / 1000;
}

/** Times of the parts of a step, of the whole, and of the processor. */
export interface Stopwatch {
  /** A step begins. */
  start(): void;
  /** A part of it ends. */
  lap(part: string): void;
  /** It ends; counts only if asked. */
  stop(counts: boolean): void;
  /** Milliseconds by part. */
  readonly times: Map<string, number[]>;
}

/** A stopwatch at zero. */
export function stopwatch(): Stopwatch {
  const times = new Map<string, number[]>();
  let [begun, lapped, worked] = [0, 0, 0];
  let laps: [string, number][] = [];
  return {
    times,
    start() {
      begun = lapped = performance.now();
      worked = processorTime();
      laps = [];
    },
    lap(part) {
      const now = performance.now();
      laps.push([part, now - lapped]);
      lapped = now;
    },
    stop(counts) {
      if (!counts) return;
      laps.push(["step", performance.now() - begun], ["step, processor time", processorTime() - worked]);
      for (const [part, ms] of laps) times.set(part, [...(times.get(part) ?? []), ms]);
    },
  };
}

/**
 * Prints medians and least times, then the kernels if they were watched; or, for a program that reads it, every step's times by the
 * wall and by the processor as one line of JSON.
 */
export function reportTimes({ times }: Stopwatch, json = false): void {
  if (json) {
    console.log(JSON.stringify({ wall: times.get("step"), processor: times.get("step, processor time") }));
    return;
  }
  for (const [part, list] of times) {
    const sorted = list.toSorted((a, b) => a - b);
    console.log(
      `${part}: median ${sorted[sorted.length >> 1]?.toFixed(1)} ms, least ${sorted[0]?.toFixed(1)} ms`,
    );
  }
  for (const [name, { ms, calls }] of [...spent].sort((a, b) => b[1].ms - a[1].ms).slice(0, 30)) {
    console.log(
      `${(ms / watched).toFixed(2).padStart(8)} ms ${
        (calls / watched).toFixed(0).padStart(5)
      } calls  ${name}`,
    );
  }
}

const spent = new Map<string, { ms: number; calls: number }>();
let watched = 1;

/** Puts a clock around every kernel of the current engine; times are given per step. */
export function watchKernels(steps: number): void {
  watched = steps;
  for (const kernel of tf.getKernelsForBackend(tf.getBackend())) {
    tf.unregisterKernel(kernel.kernelName, kernel.backendName);
    tf.registerKernel({
      ...kernel,
      kernelFunc(args) {
        const start = performance.now();
        const result = kernel.kernelFunc(args);
        const entry = spent.get(kernel.kernelName) ?? { ms: 0, calls: 0 };
        spent.set(kernel.kernelName, { ms: entry.ms + performance.now() - start, calls: entry.calls + 1 });
        return result;
      },
    });
  }
}
