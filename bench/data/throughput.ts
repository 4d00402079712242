// Decodes, crops, resizes and keeps 2,000 JPEG frames of 640x480 in 40 clips: `m2m data prepare` against a Pillow and an OpenCV script, two
// processes each, everything from start to end of the command, in five turns with empty caches: the least and the median.
//   deno task deno run -A bench/data/throughput.ts draw FOLDER      draws the frames there, once
//   deno task deno run -A bench/data/throughput.ts FOLDER PYTHON    a Python with pillow, opencv-contrib-python-headless and numpy
// All three decode every JPEG in full size (no shrink-on-load, no draft mode), crop the same square of 320 pixels, bring it to 128 by an
// antialiasing filter, and write the same 40 arrays of 50 x 128 x 128 x 3 bytes. `prepare` also hashes each input, and keeps crops and
// arrays in its cache beside the results.
import sharp from "sharp";
import { drawIdentity, renderFace } from "../../data/mod.ts";
import { seededRandom } from "../../engine/mod.ts";
import { median } from "../_median.ts";

async function drawFrames(home: string): Promise<void> {
  const random = seededRandom(1), noise = seededRandom(2);
  const faces = await Promise.all(Array.from({ length: 4 }, (_, k) => {
    const { pixels } = renderFace(drawIdentity(random.fork(`${k}`)), {}, { size: 480, noise: 2.2 });
    return sharp(pixels, { raw: { width: 480, height: 480, channels: 3 } })
      .extend({ left: 80, right: 80, extendWith: "copy" }).raw({ depth: "uchar" }).toBuffer();
  }));
  for (let clip = 0; clip < 40; clip++) {
    const name = `${home}/s1_ne_${String(clip + 1).padStart(2, "0")}`;
    await Deno.mkdir(name, { recursive: true });
    const frame = new Uint8Array(faces[clip % 4]!);
    for (let k = 0; k < 50; k++) { // each frame a little noisier than the last
      for (let i = noise.integer(7); i < frame.length; i += 7) {
        frame[i] = Math.max(0, Math.min(255, frame[i]! + (i + k) % 5 - 2));
      }
      await sharp(frame, { raw: { width: 640, height: 480, channels: 3 } }).jpeg({ quality: 90 })
        .toFile(`${name}/reg_image${String(k).padStart(3, "0")}.jpg`);
    }
  }
}

const [first, second] = Deno.args;
if (first === undefined || second === undefined) {
  console.error(
    "Say `draw FOLDER`, or FOLDER and a Python that has pillow, opencv-contrib-python-headless and numpy.",
  );
  Deno.exit(2);
}
const root = first === "draw" ? second : first, python = second;
const home = `${root}/smic/SMIC_all_cropped/HS/s1/micro/negative`;
if (first === "draw") {
  await drawFrames(home);
  Deno.exit(0);
}
const folder = await Deno.makeTempDir();

async function call(program: string, args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(program, { args, stdout: "null", stderr: "piped" })
    .output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

const peer = (kind: string) => (k: number) =>
  call(python, [new URL("./throughput.py", import.meta.url).pathname, kind, home, `${folder}/${kind}${k}`]);
const config = Deno.env.get("M2M_CONFIG");
const ours = (k: number) =>
  call(Deno.execPath(), [
    ...[
      "run",
      "-A",
      "--quiet",
      ...(config ? ["--config", config] : []),
      new URL("../../cli.ts", import.meta.url).pathname,
    ],
    ...["data", "prepare", "--database", "smic", "--root", `${root}/smic`, "--out", `${folder}/out${k}`],
    ...[
      "--cache",
      `${folder}/cache${k}`,
      "--align",
      "none",
      "--crop",
      "0.25,0.1875,0.5,0.6666666667",
      "--skip-images",
    ],
    ...["--frames", "50", "--flow", "none", "--spot", "none", "--jobs", "2", "--quiet"],
  ]);
const programs = { pillow: peer("pillow"), opencv: peer("opencv"), prepare: ours };
const seconds: Record<string, number[]> = { pillow: [], opencv: [], prepare: [] };
for (let round = 0; round < 5; round++) { // in turn: what else the machine does then meets all three
  for (const [name, run] of Object.entries(programs)) {
    const begun = performance.now();
    await run(round);
    seconds[name]!.push((performance.now() - begun) / 1000);
  }
}
const [pillow, opencv] = [seconds.pillow!, seconds.opencv!];
const faster = median(pillow) < median(opencv) ? pillow : opencv;
for (const [name, times] of Object.entries(seconds)) {
  const [least, middle] = [Math.min(...times), median(times)];
  // Turn by turn, since what else the machine does changes from turn to turn.
  const ratio = median(times.map((time, round) => time / faster[round]!));
  console.log(
    `${name.padEnd(8)} least ${least.toFixed(2)} s, median ${middle.toFixed(2)} s, ${
      (2000 / middle).toFixed(0)
    } frames/s, ${ratio.toFixed(2)}x the faster peer's time`,
  );
}
await Deno.remove(folder, { recursive: true });
