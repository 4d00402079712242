// Processor time of getting a frame out of JPEG, single-threaded: our decoder and sharp's ways, against Pillow and OpenCV; frames that throughput.ts drew.
//   deno task deno run -A bench/data/decode.ts FOLDER PYTHON
import process from "node:process";
import sharp from "sharp";
import { decodeJpeg } from "../../data/jpeg/decode_jpeg.ts";

const [folder, python] = Deno.args;
if (folder === undefined || python === undefined) {
  console.error("Name the folder that throughput.ts drew, and a Python that has pillow and opencv.");
  Deno.exit(2);
}
const clip = `${folder}/smic/SMIC_all_cropped/HS/s1/micro/negative/s1_ne_01`;
const files = [...Deno.readDirSync(clip)].map(({ name }) => Deno.readFileSync(`${clip}/${name}`));
sharp.cache(false);
sharp.concurrency(1);

async function time(name: string, decode: (bytes: Uint8Array) => unknown): Promise<void> {
  for (const bytes of files) await decode(bytes); // warm
  const begun = process.cpuUsage();
  for (let round = 0; round < 4; round++) for (const bytes of files) await decode(bytes);
  const { user, system } = process.cpuUsage(begun);
  console.log(`${name}: ${((user + system) / 4000 / files.length).toFixed(2)} ms`);
}

const region = { left: 158, top: 88, width: 324, height: 324 };
const tiny = await sharp(files[0]).resize(16, 16).jpeg().toBuffer();
await time("ours, the crop", (bytes) => decodeJpeg(bytes, region));
await time("ours, the frame", (bytes) => decodeJpeg(bytes));
await time("sharp, the crop, sequential", (bytes) => sharp(bytes).extract(region).raw().toBuffer());
await time(
  "sharp, the crop, random access",
  (bytes) => sharp(bytes, { sequentialRead: false }).extract(region).raw().toBuffer(),
);
await time("sharp, the frame", (bytes) => sharp(bytes).raw().toBuffer());
await time("sharp, a frame of 16 x 16", () => sharp(tiny).raw().toBuffer());
const peers = `
import glob, io, sys, time
import cv2, numpy as np
from PIL import Image
cv2.setNumThreads(1)
files = [open(file, "rb").read() for file in glob.glob(sys.argv[1] + "/*")]
for name, decode in (("Pillow, the frame", lambda b: Image.open(io.BytesIO(b)).load()), ("OpenCV, the frame", lambda b: cv2.imdecode(np.frombuffer(b, np.uint8), 1))):
    for b in files: decode(b)
    begun = time.process_time()
    for b in 4 * files: decode(b)
    print(f"{name}: {(time.process_time() - begun) / 4 / len(files) * 1000:.2f} ms")
`;
await new Deno.Command(python, { args: ["-c", peers, clip], stdout: "inherit", stderr: "inherit" }).output();
