// An exported folder: the same answers as the run, whole, and what is refused; in PyTorch where there is one.
import { assert, assertAlmostEquals, assertEquals, assertIsError } from "@std/assert";
import { npy } from "../../data/prepare/_npy.ts";
import { exportModel, loadModel } from "../../predict/mod.ts";
import { UserError } from "../../types.ts";
import { runTiny, testFolder, tinyPipeline } from "../pipeline/_tiny.ts";
import { clipOf, copyOf, keptRun, planOf, startTestEngine } from "./_models.ts";

const refusal = async (work: Promise<unknown>) => {
  const error = await work.then(() => undefined, (e) => e);
  assertIsError(error, UserError);
  return error.message.replaceAll(testFolder(), "");
};

let exported: Promise<string> | undefined;
function model(): Promise<string> {
  const to = `${testFolder()}/exported`;
  exported ??= keptRun().then((run) => exportModel(run, to)).then(() => to);
  return exported;
}

Deno.test("an exported run answers as the run does, from its folder, an URL or a function", async () => {
  const run = await keptRun(), folder = await model();
  await startTestEngine();
  const clip = clipOf(await planOf(run), 1);
  const files = (name: string) => Deno.readFile(`${folder}/${name}`);
  const answers = [];
  for (const source of [run, folder, new URL(`file://${encodeURI(folder)}`), files]) {
    const loaded = await loadModel(source);
    answers.push(loaded.predict(clip));
    loaded.dispose();
  }
  for (const answer of answers) assertEquals(answer, answers[0]);
  const networks = (await planOf(run)).folds.map(({ name }) => `${name.replace("/", "_")}.safetensors`);
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name);
  assertEquals(names.sort(), ["load_minet.py", "model.json", ...networks].sort());
});

Deno.test("one fold is exported alone, and a folder that holds something is left as it is", async () => {
  const run = await keptRun(), [fold] = (await planOf(run)).folds;
  const one = await exportModel(run, `${testFolder()}/one`, { member: fold!.name, row: "lc" });
  assertEquals([one.members.map(({ name }) => name), one.origin.row], [[fold!.name], "lc"]);
  assert(
    (await refusal(exportModel(run, `${testFolder()}/one`))).startsWith(
      "Cannot export into /one: the folder holds something else",
    ),
  );
});

Deno.test("a damaged, missing or later file is said in one sentence", async () => {
  const folder = await model();
  await startTestEngine();
  const broken = async (name: string, change: (file: string, bytes: Uint8Array) => Uint8Array | undefined) =>
    await refusal(loadModel(await copyOf(folder, name, change)));
  const flipped = await broken("flipped", (file, bytes) => {
    if (file.endsWith(".safetensors")) bytes[bytes.length - 1]! ^= 1;
    return bytes;
  });
  assert(
    /^Cannot load smic_s\d+.safetensors: its SHA-256 is \w+, model.json says \w+; copy or export the model again.$/
      .test(flipped),
    flipped,
  );
  const missing = await broken("missing", (file, bytes) => file.endsWith(".safetensors") ? undefined : bytes);
  assert(missing.includes("it is missing; copy the whole folder"), missing);
  const rewritten = (change: (text: string) => string) => (file: string, bytes: Uint8Array) =>
    file === "model.json" ? new TextEncoder().encode(change(new TextDecoder().decode(bytes))) : bytes;
  assert(
    (await broken("later", rewritten((t) => t.replace('"version": 1', '"version": 2')))).includes(
      "version 2 of the format",
    ),
  );
  assert((await broken("cut", rewritten((t) => t.slice(0, 99)))).includes("it is damaged"));
  assert((await broken("typo", rewritten((t) => t.replace('"streams"', '"stream"')))).includes("network"));
});

const python = Deno.env.get("M2M_PYTHON") || "python3";
const hasTorch = await new Deno.Command(python, {
  args: ["-c", "import torch, numpy"],
  stdout: "null",
  stderr: "null",
})
  .output().then(({ success }) => success, () => false);

for (
  const [name, changes] of Object.entries(
    {
      "two streams, intervals, clip against its onset": {
        clip: { frames: 5, size: 16, channels: 1, reference: "onset" },
      },
      "ImageNet's stem and numbers, sequences": {
        clip: { frames: 5, size: 32, channels: 3, normalise: "imagenet" },
        network: { width: 4, intervals: { count: 2, kind: "sequence", sequenceLength: 2 } },
      },
      "the temporal stream alone": {
        network: { width: 4, stem: "small", streams: "temporal", videoFeature: "mean" },
        losses: { temporal: {} },
      },
    } as const,
  )
) {
  Deno.test({
    name: `PyTorch gives our logits: ${name}${
      hasTorch ? "" : " (skipped: no Python with torch; M2M_PYTHON names one)"
    }`,
    ignore: !hasTorch,
    fn: async () => {
      const at = name.replaceAll(/\W+/g, "_");
      const { run } = await runTiny(tinyPipeline({ name: "torch", ...changes }), `${at}_run`);
      const to = `${testFolder()}/${at}`;
      await exportModel(run, to);
      await startTestEngine();
      const plan = await planOf(run), clips = plan.micro.map((_, i) => clipOf(plan, i));
      const [T, ...image] = clips[0]!.shape;
      const bytes = clips.flatMap(({ pixels, apex }) => [...pixels, ...apex]);
      await Deno.writeFile(`${to}/clips.npy`, npy(new Uint8Array(bytes), [clips.length, T + 1, ...image]));
      const { success, stdout, stderr } = await new Deno.Command(python, {
        args: [`${to}/load_minet.py`, `${to}/clips.npy`],
      }).output();
      assert(success, new TextDecoder().decode(stderr));
      const theirs = JSON.parse(new TextDecoder().decode(stdout));
      const loaded = await loadModel(to);
      clips.forEach((clip, i) => {
        const { members, probabilities } = loaded.predict(clip);
        for (const { name, logits } of members) {
          logits.forEach((value, c) => assertAlmostEquals(value, theirs.members[name][i][c], 1e-4));
        }
        probabilities.forEach((p, c) => assertAlmostEquals(p, theirs.probabilities[i][c], 1e-5));
      });
      loaded.dispose();
    },
  });
}
