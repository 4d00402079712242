// Peak memory of `m2m predict` by the length of the video: the command and ffmpeg below it. Linux only (/proc), needs ffmpeg.
//   deno task deno run -A bench/predict/memory.ts RUN [SECONDS...]      30 300 by default
import { ffmpeg } from "../../tests/data/_ffmpeg.ts";
import { annFrames, writeVideo } from "../../tests/predict/_videos.ts";
import { UserError } from "../../types.ts";
import { treeMemory } from "../performance/_tree_memory.ts";

const [run, ...lengths] = Deno.args, config = Deno.env.get("M2M_CONFIG");
if (run === undefined) throw new UserError("Name the run folder whose networks predict.", 2);
const folder = await Deno.makeTempDir();
const short = await writeVideo(folder, "short.mp4", annFrames());
for (const seconds of lengths.length > 0 ? lengths.map(Number) : [30, 300]) {
  const file = `${folder}/${seconds}.mp4`;
  await ffmpeg(`-stream_loop -1 -i ${short} -t ${seconds} -c:v mpeg4 -q:v 3 ${file}`);
  const cli = new URL("../../cli.ts", import.meta.url).pathname;
  const start = performance.now();
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--quiet",
      ...config ? ["--config", config] : [],
      cli,
      "predict",
      file,
      "--model",
      run,
      "--csv",
    ],
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const output = new Response(child.stdout).text();
  const most = await treeMemory(child);
  const windows = (await output).trimEnd().split("\n").length - 1;
  const took = (performance.now() - start) / 1000;
  console.log(
    `${seconds} s of video: ${most.toFixed(0)} MB at most, ${windows} windows, ${took.toFixed(0)} s`,
  );
}
await Deno.remove(folder, { recursive: true });
