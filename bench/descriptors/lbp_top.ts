// LBP-TOP of 200 clips of 32 x 128 x 128: ours on one thread and on two, a NumPy and a scikit-image script on one thread, and how long reading the clips alone takes.
//
//   deno task deno run -A bench/descriptors/lbp_top.ts --python .venv/bin/python
//
// The Python side needs numpy and scikit-image (bench/descriptors/lbp_top.py). scikit-image, the slowest, describes 10 clips. The histograms of the NumPy
// script are compared with ours.
import { parseArgs } from "@std/cli/parse-args";
import { seededRandom } from "../../engine/mod.ts";
import { lbpTop } from "../../models/mod.ts";

const shape = [32, 128, 128, 1] as const, size = 32 * 128 * 128;
const options = { grid: { rows: 8, columns: 8, times: 1 } }; // P = 8, R = 3, uniform: the defaults

const flags = parseArgs(Deno.args, { string: ["python", "clips"] });
const python = String(flags.python ?? "python3"), count = Number(flags.clips ?? 200);
const warm = 100; // clips before the clock starts
const folder = await Deno.makeTempDir();
try {
  const shared = new SharedArrayBuffer(count * size),
    clips = new Uint8Array(shared),
    random = seededRandom(1);
  const noise = Uint8Array.from({ length: 65536 + size }, () => random.integer(48));
  for (let c = 0; c < count; c++) { // waves that move, and noise
    const from = random.integer(65536), speed = random.next();
    for (let i = 0; i < size; i++) {
      const x = i & 127, y = i >> 7 & 127, t = i >> 14;
      clips[c * size + i] = 100 + 50 * Math.sin((x + speed * t) / 6) * Math.cos((y - t) / 9) +
        noise[from + i]!;
    }
  }
  await Deno.writeFile(`${folder}/clips.u8`, clips.slice());
  const clip = (c: number) => ({
    kind: "clip" as const,
    pixels: clips.subarray(c * size, (c + 1) * size),
    shape,
  });
  for (let i = 0; i < warm; i++) lbpTop(clip(0), options); // compiled by now, and compiled well

  const began = performance.now();
  const ours = Array.from({ length: count }, (_, c) => lbpTop(clip(c), options));
  const taken = (performance.now() - began) / 1000;

  const workers = [0, 1].map(() =>
    new Worker(new URL("./_lbp_worker.ts", import.meta.url).href, { type: "module" })
  );
  const share = (which: (w: number) => number[]) =>
    Promise.all(workers.map((worker, w) =>
      new Promise((resolve) => {
        worker.onmessage = resolve;
        worker.postMessage({ clips: shared, shape, options, which: which(w) });
      })
    ));
  await share(() => new Array(warm).fill(0));
  const parallel = performance.now();
  await share((w) => Array.from({ length: count }, (_, c) => c).filter((c) => c % 2 === w));
  const both = (performance.now() - parallel) / 1000;
  for (const worker of workers) worker.terminate();

  const copy = new Uint8Array(size);
  let copying = Infinity;
  for (let i = 0; i < 5; i++) {
    const from = performance.now();
    for (let c = 0; c < count; c++) copy.set(clips.subarray(c * size, (c + 1) * size));
    copying = Math.min(copying, (performance.now() - from) / 1000);
  }
  console.log(`ours: ${taken.toFixed(2)} s, ${(1000 * taken / count).toFixed(2)} ms a clip`);
  console.log(`ours on two threads: ${both.toFixed(2)} s, ${(1000 * both / count).toFixed(2)} ms a clip`);
  const bytes = count * size / 1e6;
  console.log(
    `copying the clips: ${(1000 * copying).toFixed(1)} ms (${(bytes / 1000 / copying).toFixed(1)} GB/s); ` +
      `ours takes ${(taken / copying).toFixed(0)} times as long`,
  );
  for (const [way, n] of [["numpy", count], ["skimage", Math.min(10, count)]] as const) {
    const { success, stdout, stderr } = await new Deno.Command(python, {
      args: [
        new URL("./lbp_top.py", import.meta.url).pathname,
        `${folder}/clips.u8`,
        String(n),
        `${folder}/${way}.f32`,
        way,
      ],
      env: { OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1" },
    }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    const seconds = Number(new TextDecoder().decode(stdout)) * count / n;
    console.log(
      `${way}: ${seconds.toFixed(2)} s, ${(1000 * seconds / count).toFixed(1)} ms a clip${
        n < count ? ` (of ${n} clips)` : ""
      }: ${(seconds / taken).toFixed(1)} times ours on one thread, ${(seconds / both).toFixed(1)} on two`,
    );
    if (way !== "numpy") continue;
    const theirs = new Float32Array((await Deno.readFile(`${folder}/${way}.f32`)).buffer);
    const length = ours[0]!.length;
    let worst = 0;
    ours.forEach((row, c) =>
      row.forEach((value, i) => worst = Math.max(worst, Math.abs(value - theirs[c * length + i]!)))
    );
    console.log(`largest difference between their histograms and ours: ${worst.toExponential(1)}`);
  }
} finally {
  await Deno.remove(folder, { recursive: true });
}
