import { definePipeline, type Pipeline } from "../../pipeline/mod.ts";
import { type Random, seededRandom } from "../../engine/mod.ts";
import { ended, runTree, startRun, workersOf } from "./_run_command.ts";

/** Whom `kill -9` hits: the command, a process that trains, or all of them while a file is being written. */
export const victims = ["parent", "child", "write"] as const;

/** What became of a run that was killed again and again. */
export interface KilledRun {
  readonly victim: typeof victims[number];
  /** Milliseconds after a start at which it was killed. */
  readonly kills: readonly number[];
  /** After how many kills a job had a checkpoint to go on from. */
  readonly checkpoints: number;
  /** Files that differ from the uninterrupted run; none is what is wanted. */
  readonly different: readonly string[];
  /** Files that are compared. */
  readonly files: number;
}

/** A CDE of three subjects that takes a few seconds: two rows, epochs of three steps. */
export function killPipeline(engine: Pipeline["engine"]): Pipeline {
  return definePipeline({
    name: "killed",
    micro: { databases: ["casme2", "smic", "samm"] },
    macro: { databases: ["ckplus"] },
    synthetic: {
      seed: 1,
      subjects: { casme2: 1, smic: 1, samm: 1, ckplus: 3, mmi: 0 },
      clipsPerSubject: 3,
      size: 48,
    },
    clip: { frames: 5, size: 24, channels: 1, augment: {} },
    network: { width: 8, stem: "small", intervals: { count: 2, randomOffset: true } },
    losses: { classWeights: "balanced", spatial: {}, relation: {}, temporal: {}, contrastive: {} },
    stages: {
      macro: { steps: 12, batch: 3, learningRate: 0.01 },
      micro: { steps: 9, batch: 2, learningRate: 0.01, decay: "cosine" },
      guided: { steps: 9, batch: 2, learningRate: 0.01 },
    },
    sampling: "balanced",
    protocol: "cde",
    rows: ["lc", "all"],
    engine,
  });
}

/**
 * Runs a pipeline once undisturbed, then `runs` times killed at random moments and resumed until it is complete, and compares all files.
 *
 * @param folder For the runs; the caller removes it.
 * @param said Hears of each run.
 */
export async function killRuns(
  folder: string,
  { runs, seed, engine, said = () => {} }: {
    runs: number;
    seed: number;
    engine: Pipeline["engine"];
    said?: (run: KilledRun) => void;
  },
): Promise<{ seconds: number; results: KilledRun[] }> {
  const file = `${folder}/killed.yaml`;
  await Deno.writeTextFile(file, JSON.stringify(killPipeline(engine))); // JSON is YAML
  const places = { data: `${folder}/data`, cache: `${folder}/cache` };
  const began = performance.now();
  const whole = `${folder}/whole`;
  const { code, stderr } = await ended(startRun(file, { ...places, out: whole }));
  if (code !== 0) throw new Error(`the undisturbed run failed: ${stderr}`);
  const took = performance.now() - began;
  const expected = await runTree(whole);
  const results: KilledRun[] = [];
  for (let i = 0; i < runs; i++) {
    const random = seededRandom(`${seed}/${i}`);
    const victim = victims[i % victims.length] as typeof victims[number];
    const out = `${folder}/run ${i}`;
    const kills: number[] = [];
    let checkpoints = 0;
    const most = 2 + random.integer(3);
    for (;;) {
      const child = startRun(file, { ...places, out });
      const end = ended(child);
      if (kills.length < most) {
        const moment = await killOnce(child, end, out, victim, 0.7 * took * random.next(), random);
        if (moment !== undefined) {
          kills.push(Math.round(moment));
          if (hasCheckpoint(out)) checkpoints++;
        }
      }
      const { code, stderr } = await end;
      if (code === 0 && kills.length > 0) break;
      if (code === 0) await Deno.remove(out, { recursive: true }); // over before it was killed: once more, with the next draw
      else if (code !== 137 && code !== 1) {
        throw new Error(`run ${i} ended with exit code ${code}: ${stderr}`);
      }
    }
    const found = await runTree(out);
    const names = [...new Set([...Object.keys(expected), ...Object.keys(found)])];
    const different = names.filter((name) => expected[name] !== found[name]);
    const result = { victim, kills, checkpoints, different, files: names.length };
    results.push(result);
    said(result);
    if (different.length === 0) await Deno.remove(out, { recursive: true });
  }
  return { seconds: took / 1000, results };
}

/** Kills the victim after a while; gives the moment, or undefined where the run was over before. */
async function killOnce(
  parent: Deno.ChildProcess,
  end: Promise<unknown>,
  run: string,
  victim: typeof victims[number],
  delay: number,
  random: Random,
): Promise<number | undefined> {
  const began = performance.now();
  let over = false;
  end.then(() => over = true);
  await new Promise((resolve) => setTimeout(resolve, delay));
  while (!over) {
    const workers = workersOf(run);
    if (victim === "parent" || victim === "write" && isWriting(run)) {
      kill(parent.pid);
      if (victim === "write") workers.forEach(kill);
      return performance.now() - began;
    }
    if (victim === "child" && workers.length > 0) {
      kill(workers[random.integer(workers.length)] as number);
      return performance.now() - began;
    }
    await new Promise((resolve) => setTimeout(resolve));
  }
  return undefined;
}

function kill(pid: number): void {
  try {
    Deno.kill(pid, "SIGKILL");
  } catch { /* it has ended meanwhile */ }
}

/** Whether a file of the run is half written just now. */
function isWriting(folder: string): boolean {
  return someEntry(folder, ({ name }) => name.includes(".partial"));
}

function hasCheckpoint(folder: string): boolean {
  return someEntry(folder, ({ name }) => name === "now.safetensors" || name.startsWith("final%2F"));
}

function someEntry(folder: string, which: (entry: Deno.DirEntry) => boolean): boolean {
  try {
    return [...Deno.readDirSync(folder)].some((entry) =>
      which(entry) || entry.isDirectory && someEntry(`${folder}/${entry.name}`, which)
    );
  } catch {
    return false; // removed meanwhile
  }
}
