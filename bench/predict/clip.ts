// Time from a clip's frames to its probabilities, beside a script of OpenCV and PyTorch with the same network: frames are decoded and faces found beforehand, then each frame is cut out by the
// same similarity transform, brought to the network's size, the clip to T frames, and the network asked. One thread each; the two take turns.
//   deno task deno run -A bench/predict/clip.ts RUN PYTHON [ENGINE]      PYTHON has opencv-python-headless, numpy and torch
// RUN has a fold of grey clips of width and size at choice, "reference: onset", "normalise: clip", "videoFeature: mean".
// OpenCV filters otherwise (bilinear without antialiasing, then area), so its pixels and logits differ a little; PyTorch's logits of our pixels must be ours.
import { seededRandom, startEngine } from "../../engine/mod.ts";
import { assembleClip } from "../../predict/assemble_clip.ts";
import { faceCutter } from "../../predict/cut_crop.ts";
import { folderFiles } from "../../predict/folder_files.ts";
import { loadModel } from "../../predict/mod.ts";
import { film, placed } from "../../tests/predict/_film.ts";
import { UserError } from "../../types.ts";
import { median } from "../_median.ts";

const [run, python, engine] = Deno.args;
if (run === undefined || python === undefined) throw new UserError("Name a run folder and a Python.", 2);
const [width, height, drawn, clips, frames, turns] = [640, 480, 400, 6, 24, 5];
await startEngine(engine);
const whole = await loadModel(run), member = whole.description.members[0]!;
whole.dispose();
const model = await loadModel(run, { member: member.name }), { description } = model;
const { align } = description.preparation, { clip: form, network } = description;
if (align.kind !== "face" || form.channels !== 1 || form.reference !== "onset" || form.normalise !== "clip") {
  throw new UserError("The run's clips are not as clip.py makes them; see the head of this file.");
}

const folder = await Deno.makeTempDir(), random = seededRandom("clip bench");
const films = Array.from({ length: clips }, (_, k) => {
  const movement = { units: { "12": 0.5 }, onset: 0, apex: 10, offset: frames - 1 };
  return film(`clip bench ${k}`, drawn, frames, [movement]).map((pixels) => ({
    pixels: placed([{ pixels, side: drawn, left: 120, top: 40 }], width, height),
    ...{ width, height, channels: 3 } as const,
  }));
});
/** About where drawn eyes are; both sides take the same. */
const eyes = films.map(() => [[262, 205 + 4 * random.next()], [378, 205 + 4 * random.next()]] as const);
const pixels = new Uint8Array(clips * frames * width * height * 3);
films.flat().forEach((frame, i) => pixels.set(frame.pixels, i * width * height * 3));
await Deno.writeFile(`${folder}/frames.raw`, pixels);
await Deno.writeFile(`${folder}/network.safetensors`, await (await folderFiles(run))(member.file));

const times: number[] = [], logits: number[][] = [], made: Uint8Array[] = [];
for (let turn = 0; turn < turns; turn++) {
  for (const [k, film] of films.entries()) {
    const start = performance.now();
    const landmarks = Array.from({ length: 68 }, (_, i) => eyes[k]![i >= 42 && i < 48 ? 1 : 0]);
    const face = { score: 1, box: { left: 0, top: 0, width: 1, height: 1 }, landmarks };
    const cutter = faceCutter(face, align, width, height);
    const clip = assembleClip(film.map((frame) => cutter.cut(frame)), cutter.side, 10, form);
    const answer = model.predict(clip);
    times.push(performance.now() - start);
    if (turn === 0) {
      logits.push([...answer.logits]);
      made.push(clip.pixels, clip.apex);
    }
  }
}
await Deno.writeFile(`${folder}/ours.raw`, await new Blob(made as BlobPart[]).bytes());
await Deno.writeTextFile(
  `${folder}/clip.json`,
  JSON.stringify({
    ...{
      clips,
      frames,
      width,
      height,
      side: align.size,
      size: form.size,
      T: form.frames,
      apex: 10,
      threads: 1,
      turns,
    },
    ...{ eyes, eyeDistance: align.eyeDistance, eyeLine: align.eyeLine },
    ...{ networkWidth: network.width, stem: network.stem, classes: description.classes.length },
  }),
);
const script = new URL("clip.py", import.meta.url).pathname;
const { success, stdout, stderr } = await new Deno.Command(python, { args: [script, folder] }).output();
if (!success) throw new UserError(new TextDecoder().decode(stderr).trim().split("\n").at(-1)!);
const peer: { ms: number[]; logits: number[][]; ours: number[][] } = JSON.parse(
  new TextDecoder().decode(stdout),
);
const apart = (a: readonly number[][], b: readonly number[][]) =>
  Math.max(...a.flatMap((row, k) => row.map((value, c) => Math.abs(value - b[k]![c]!))));
const [own, other] = [times, peer.ms].map((list) => median(list.slice(clips))); // the first turn warms up
console.log(
  `ours ${own!.toFixed(1)} ms a clip of ${frames} frames of ${width}x${height}, OpenCV and PyTorch ${
    other!.toFixed(1)
  } ms: ${(own! / other!).toFixed(2)}`,
);
console.log(
  `logits: PyTorch's of our pixels off by ${
    apart(peer.ours, logits).toExponential(1)
  }, of OpenCV's pixels by ${apart(peer.logits, logits).toFixed(2)}`,
);
model.dispose();
await Deno.remove(folder, { recursive: true });
