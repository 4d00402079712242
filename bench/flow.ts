/**
 * TV-L1 flow against OpenCV's `DualTVL1OpticalFlow` on the same images: time in turns (ours, theirs, ours, theirs), one clip after the
 * other, and the endpoint errors on the golden pairs. Tables go to standard output.
 *   deno task deno run -A bench/flow.ts --python .venv/bin/python [--turns 2] [--repeat 5] [--sizes 96x96,170x140,280x340,640x480]
 * The Python needs opencv-contrib-python-headless 5.0.0.93 and numpy. Without --python only ours are timed.
 */
import { parseArgs } from "@std/cli";
import { type Flow, type GreyImage, tvl1Flow } from "../data/mod.ts";
import { readSafetensors } from "../models/mod.ts";
import { root } from "../tools/_deno.ts";
import { median } from "./_median.ts";

const options = parseArgs(Deno.args, { string: ["python", "turns", "repeat", "sizes"] });
const turns = Number(options.turns ?? 2), repeat = Number(options.repeat ?? 5);
const sizes = String(options.sizes ?? "96x96,170x140,280x340,640x480").split(",").map((text) =>
  text.split("x").map(Number)
);

/** A smooth pattern of 8 bits, and the same with a soft pull in the middle: what a muscle does to skin. */
function pair(width: number, height: number): [GreyImage, GreyImage] {
  const at = (x: number, y: number) =>
    Math.round(
      128 + 40 * Math.sin(x / 5 + Math.sin(y / 17)) + 30 * Math.cos(y / 4 + x / 23) +
        20 * Math.sin((x + y) / 3),
    );
  const image = (pull: number) => ({
    width,
    height,
    pixels: Float32Array.from({ length: width * height }, (_, i) => {
      const x = i % width, y = Math.floor(i / width);
      const soft = pull * Math.exp(-((x - width / 2) ** 2 + (y - height / 2) ** 2) / (width / 6) ** 2);
      return at(x + soft, y - 0.6 * soft);
    }),
  });
  return [image(1.3), image(0)];
}

/** Milliseconds of OpenCV for a pair, median. */
async function opencv(images: [GreyImage, GreyImage], threads: number): Promise<number> {
  const file = await Deno.makeTempFile();
  const [from, to] = images;
  await Deno.writeFile(file, Uint8Array.from([...from.pixels, ...to.pixels]));
  const code = [
    "import sys, time, numpy as np, cv2",
    "file, width, height, threads, repeat = sys.argv[1], *map(int, sys.argv[2:])",
    "cv2.setNumThreads(threads)",
    "a, b = np.fromfile(file, np.uint8).reshape(2, height, width)",
    "flow, times = cv2.optflow.DualTVL1OpticalFlow_create(), []",
    "flow.calc(a, b, None)",
    "for _ in range(repeat):",
    "    start = time.perf_counter(); flow.calc(a, b, None); times.append(time.perf_counter() - start)",
    "print(1000 * np.median(times))",
  ].join("\n");
  const args = ["-c", code, file, ...[from.width, from.height, threads, repeat].map(String)];
  const { stdout, stderr, success } = await new Deno.Command(String(options.python), { args }).output();
  await Deno.remove(file);
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return Number(new TextDecoder().decode(stdout));
}

function ours([from, to]: [GreyImage, GreyImage]): number {
  tvl1Flow(from, to);
  const times = Array.from({ length: repeat }, () => {
    const start = performance.now();
    tvl1Flow(from, to);
    return performance.now() - start;
  });
  return median(times);
}

for (let i = 0; i < 20; i++) tvl1Flow(...pair(64, 64)); // the runtime compiles what is hot
console.log(
  "| size | ours, ms | OpenCV, 1 thread, ms | OpenCV, 2 threads, ms | OpenCV over ours, 1 and 2 threads |",
);
console.log("|---|---|---|---|---|");
for (const [width = 0, height = 0] of sizes) {
  const images = pair(width, height), times: number[][] = [[], [], []];
  for (let turn = 0; turn < turns; turn++) {
    times[0]!.push(ours(images));
    if (options.python === undefined) continue;
    for (const threads of [1, 2]) times[threads]!.push(await opencv(images, threads));
  }
  const [mine, one, two] = times.map((list) => list.length > 0 ? Math.min(...list) : NaN) as [
    number,
    number,
    number,
  ];
  const cells = [
    mine.toFixed(1),
    one.toFixed(1),
    two.toFixed(1),
    `${(one / mine).toFixed(1)}, ${(two / mine).toFixed(1)}`,
  ];
  console.log(`| ${width}x${height} | ${cells.join(" | ")} |`);
}

const golden = readSafetensors(await Deno.readFile(`${root}tests/golden/flow.safetensors`)).tensors;
const image = (key: string): GreyImage => {
  const { shape, data } = golden.get(key)!;
  return { width: shape[1]!, height: shape[0]!, pixels: Float32Array.from(data as Uint8Array) };
};
const flow = (key: string): Flow => {
  const { shape, data } = golden.get(key)!, half = data.length / 2, planes = data as Float32Array;
  return { width: shape[2]!, height: shape[1]!, u: planes.subarray(0, half), v: planes.subarray(half) };
};
const apart = (a: Flow, b: Flow) => {
  let sum = 0;
  a.u.forEach((u, i) => sum += Math.hypot(u - b.u[i]!, a.v[i]! - b.v[i]!));
  return (sum / a.u.length).toFixed(3);
};
console.log(
  "\n| pair | mean motion | ours to OpenCV's | ours to the true motion | OpenCV's to the true motion |",
);
console.log("|---|---|---|---|---|");
for (const key of golden.keys()) {
  const name = /^(.+)\/true$/.exec(key)?.[1];
  if (name === undefined) continue;
  const mine = tvl1Flow(image(`${name}/from`), image(`${name}/to`));
  const theirs = flow(`${name}/opencv`), truth = flow(key);
  const still = { ...truth, u: truth.u.map(() => 0), v: truth.v.map(() => 0) };
  console.log(
    `| ${
      [name, apart(truth, still), apart(mine, theirs), apart(mine, truth), apart(theirs, truth)].join(" | ")
    } |`,
  );
}
