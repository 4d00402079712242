import { root, runDeno } from "../../tools/_deno.ts";
import { UserError } from "../../types.ts";
import { median } from "../_median.ts";
import type { Row, Settings } from "./_settings.ts";

/** A step that both sides do. */
interface Work {
  readonly what: string;
  /** Our file under bench/engine, and the peer's name for it. */
  readonly file: string;
  readonly task: string;
  /** Arguments of both. */
  readonly args: readonly string[];
  /** Arguments of ours alone. */
  readonly own?: readonly string[];
  readonly limit?: number;
}

const guided = (width: number, size: number, kept: boolean): Work => ({
  what: `guided step, width ${width}, ${size}x${size}, ${kept ? "kept MaNet maps" : "MaNet in the step"}`,
  file: "guided_step.ts",
  task: "guided",
  args: ["--width", String(width), "--size", String(size), "--frames", "8", "--batch", "4"],
  ...(kept ? { own: ["--maps", "kept"] } : {}),
  limit: kept ? 0.7 : 1,
});

/** The steps by the name of their part. */
export const works: Readonly<Record<string, readonly Work[]>> = {
  guided16: [guided(16, 64, false), guided(16, 64, true)],
  guided64: [guided(64, 64, false), guided(64, 64, true)],
  guided112: [guided(64, 112, false), guided(64, 112, true)],
  resnet18: [{
    what: "ResNet18 training step, 16 images of 64x64",
    file: "resnet18_step.ts",
    task: "resnet18",
    args: ["--width", "64", "--size", "64", "--batch", "16"],
  }],
  inference: [{
    what: "inference, one clip of 8 frames of 64x64, width 64",
    file: "inference.ts",
    task: "inference",
    args: ["--width", "64", "--size", "64", "--batch", "1", "--frames", "8"],
  }],
};

/** The times of a turn: medians over its steps. */
interface Times {
  readonly wall: number;
  readonly processor: number;
}

/** Runs the works of a part in turn with the peer's: A B A B, or A A' B A A' B where two of ours face the same one of theirs. */
export async function compareSteps(part: string, settings: Settings): Promise<Row[]> {
  const list = works[part] ?? [];
  const ours = list.map((): Times[] => []), theirs: Times[] = [];
  for (let turn = 0; turn < settings.turns; turn++) {
    for (const [i, work] of list.entries()) ours[i]?.push(await runOurs(work, settings));
    theirs.push(await runPeer(list[0] as Work, settings));
  }
  const of = (times: readonly Times[], what: keyof Times) => median(times.map((t) => t[what]));
  return list.map((work, i): Row => {
    const mine = ours[i] as Times[];
    return {
      what: work.what,
      unit: "ms",
      ours: of(mine, "wall"),
      theirs: of(theirs, "wall"),
      other: "PyTorch",
      result: of(mine, "wall") / of(theirs, "wall"),
      processor: { ours: of(mine, "processor"), theirs: of(theirs, "processor") },
      ...(work.limit === undefined ? {} : { limit: work.limit }),
      kind: "ratio",
      turns: { ours: mine.map((t) => t.wall), theirs: theirs.map((t) => t.wall) },
    };
  });
}

async function runOurs(work: Work, { engine, threads, steps }: Settings): Promise<Times> {
  const file = `bench/engine/${work.file}`;
  const { code, output } = await runDeno([
    ...["run", "-A", file, "--json", "--engine", engine, "--steps", String(steps)],
    ...work.args,
    ...(work.own ?? []),
  ], { env: { TF_NUM_INTRAOP_THREADS: String(threads), TF_NUM_INTEROP_THREADS: String(threads) } });
  return timesIn(output, code, file);
}

async function runPeer(work: Work, { python, threads, steps }: Settings): Promise<Times> {
  const { output, code } = await peer(python, [
    ...[work.task, "--threads", String(threads), "--steps", String(steps)],
    ...work.args,
  ]);
  return timesIn(output, code, "bench/torch_peer.py");
}

/** Runs bench/torch_peer.py. */
export async function peer(
  python: string,
  args: readonly string[],
): Promise<{ code: number; output: string }> {
  const { code, stdout, stderr } = await new Deno.Command(python, {
    args: [`${root}bench/torch_peer.py`, ...args],
    stdin: "null",
  }).output().catch((error: Error) => {
    throw new UserError(
      `${python} cannot be run (${error.message}); name a Python with torch and numpy by --python.`,
    );
  });
  return { code, output: new TextDecoder().decode(code === 0 ? stdout : stderr) };
}

function timesIn(output: string, code: number, file: string): Times {
  const line = output.split("\n").find((line) => line.startsWith("{"));
  if (code !== 0 || line === undefined) throw new UserError(`${file} failed: ${output.slice(-500)}`);
  const { wall, processor } = JSON.parse(line) as Record<keyof Times, number[]>;
  return { wall: median(wall), processor: median(processor) };
}
