import { type DatabaseName, databaseNames } from "../../types.ts";
import type { SynthOptions } from "./synthesize_databases.ts";

/** Every setting that decides what is written. */
export type Settings = Required<Omit<SynthOptions, "onProgress" | "replace" | "subjects">> & {
  readonly subjects: Readonly<Record<DatabaseName, number>>;
};

/** Fills in the defaults and refuses what is out of range. */
export function checkSettings(options: SynthOptions): Settings {
  const {
    seed = 1,
    clipsPerSubject = 6,
    macroClipsPerSubject = 5,
    size = 96,
    frames = 16,
    macroFrames = 12,
    microIntensity = 0.28,
    macroIntensity = 0.95,
    balance = "balanced",
    flow = true,
  } = options;
  const subjects = { casme2: 6, smic: 5, samm: 6, ckplus: 8, mmi: 4, ...options.subjects };
  const whole = (name: string, value: number, from: number, to: number) => {
    if (Number.isInteger(value) && value >= from && value <= to) return;
    throw new RangeError(
      `Cannot make synthetic databases: ${name} must be an integer from ${from} to ${to}, current value is ${value}`,
    );
  };
  whole("seed", seed, 0, 2 ** 32);
  whole("clipsPerSubject", clipsPerSubject, 1, 500);
  whole("macroClipsPerSubject", macroClipsPerSubject, 1, 500);
  whole("size", size, 16, 1024);
  whole("frames", frames, 6, 1000);
  whole("macroFrames", macroFrames, 6, 1000);
  for (const name of databaseNames) whole(`subjects.${name}`, subjects[name], 0, 500);
  for (const [name, value] of Object.entries({ microIntensity, macroIntensity })) {
    if (value > 0 && value <= 1) continue;
    throw new RangeError(
      `Cannot make synthetic databases: ${name} must be above 0 and at most 1, current value is ${value}`,
    );
  }
  return {
    seed,
    subjects,
    clipsPerSubject,
    macroClipsPerSubject,
    size,
    frames,
    macroFrames,
    microIntensity,
    macroIntensity,
    balance,
    flow,
  };
}
