// Comparison methods in pipelines: their settings, what is refused, their features.
import { assert, assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { definePipeline, pipelineJsonSchema, readPipeline } from "../../pipeline/mod.ts";
import { JsonProcess } from "../../json_process.ts";
import { describeClips } from "../../pipeline/describe_clips.ts";
import { readFeatures } from "../../pipeline/features.ts";
import { methodInput } from "../../pipeline/method_input.ts";
import type { PlanClip } from "../../pipeline/plan.ts";
import { lbpTop } from "../../models/mod.ts";
import { type Clip, UserError } from "../../types.ts";
import { children } from "../_children.ts";
import { testFolder } from "./_tiny.ts";

async function read(yaml: string) {
  const file = `${testFolder()}/pipeline.yaml`;
  await Deno.writeTextFile(file, yaml);
  return await readPipeline(file);
}

const head = "name: x\nmicro: { databases: [smic] }\nmethod: lbp-top\n";

Deno.test("a comparison method's settings are completed with the paper's", async () => {
  const pipeline = await read(`${head}methodSettings:\n  radii: { t: 4 }\n`);
  const { radii, neighbours, patterns } = pipeline.methodSettings as Record<string, unknown>;
  assertEquals([radii, neighbours, patterns], [{ x: 3, y: 3, t: 4 }, { xy: 8, xt: 8, yt: 8 }, "uniform"]);
  assertEquals(pipeline.clip.channels, 1); // as the method reads them
  assertEquals(
    definePipeline({
      name: "x",
      micro: { databases: ["smic"] },
      method: "lbp-top",
      methodSettings: { radii: { t: 4 } },
    }),
    pipeline,
  );
  // What a run keeps gives itself.
  assertEquals(await read(JSON.stringify(pipeline)), pipeline);
});

Deno.test("all mistakes in a method's settings come at once, with lines and the nearest key", async () => {
  const yaml = `${head}methodSettings:\n  radi: { t: 4 }\n  patterns: unifrom\n  svm: { C: [0] }\n`;
  const error = await assertRejects(() => read(yaml), UserError);
  assertEquals(error.exitCode, 2);
  assertStringIncludes(error.message, "3 problems");
  assertStringIncludes(error.message, "line 5: methodSettings.radi: unknown key");
  assertStringIncludes(error.message, "radii");
  assertStringIncludes(error.message, "line 6: methodSettings.patterns: must be one of uniform, all");
  assertStringIncludes(error.message, "line 7: methodSettings.svm.C.0:");
});

Deno.test("what a comparison method has no use for is refused", async () => {
  const refused = async (more: string, message: string) =>
    assertStringIncludes((await assertRejects(() => read(head + more), UserError)).message, message);
  await refused("macro: { databases: [ckplus] }\n", "macro: lbp-top has no use for macro-expressions");
  await refused("flow: {}\n", "flow: lbp-top reads frames");
  await refused("rows: [lc]\n", "rows: ablation rows belong to macro2micro");
  await refused("losses: { spatial: {} }\n", "spatial is a term of macro2micro; lbp-top has no such term");
  for (
    const [key, value] of [["normalise", "imagenet"], ["reference", "onset"], ["augment", "{ flip: 1 }"]]
  ) {
    const message = `clip.${key}: belongs to macro2micro; lbp-top reads the frames as they are`;
    await refused(`clip: { ${key}: ${value} }\n`, message);
  }
  const flow = "name: x\nmicro: { databases: [smic] }\nmethod: ststnet\nflow: {}\n";
  assertEquals((await read(flow)).clip.channels, 1);
  await assertRejects(
    () => read(`${flow}clip: { size: 28 }\n`),
    UserError,
    "line 5: clip.size: has no use: flow images are read as they are",
  );
  const other = await assertRejects(
    () => read("name: x\nmicro: { databases: [smic] }\nmethodSettings: {}\n"),
    UserError,
  );
  assertStringIncludes(other.message, "macro2micro has its own keys");
  const micro = { databases: ["smic" as const] };
  const methodSettings = { a: 1 };
  // @ts-expect-error a setting of no method
  const wrong: Parameters<typeof definePipeline>[0] = { name: "x", micro, method: "lbp-top", methodSettings };
  assertThrows(() => definePipeline(wrong), UserError, "methodSettings.a: unknown key");
});

Deno.test("the JSON Schema knows the settings of each method", () => {
  const { allOf } = pipelineJsonSchema() as { allOf: { if: unknown; then: unknown }[] };
  assert(JSON.stringify(allOf[0]).includes('"const":"lbp-top"'));
  assert(JSON.stringify(allOf[0]).includes('"radii"'));
});

function clipBytes(seed: number): Uint8Array {
  return Uint8Array.from({ length: 6 * 16 * 16 }, (_, i) => (i * (seed + 3) * 31 + (i >> 4) * 17) & 255);
}

/** LBP-TOP of clips of 5 frames of 16 pixels. */
const tiny = definePipeline({
  name: "x",
  micro: { databases: ["smic"] },
  clip: { frames: 5, size: 16 },
  method: "lbp-top",
  methodSettings: { radii: { x: 1, y: 1, t: 1 }, grid: { rows: 2, columns: 2 } },
});

/** Clips c0, c1, ... in files, their pixels by their seeds. */
async function clipsOf(...seeds: number[]): Promise<PlanClip[]> {
  return await Promise.all(seeds.map(async (seed, i) => {
    const file = `${testFolder()}/${crypto.randomUUID()}.clip`;
    await Deno.writeFile(file, clipBytes(seed));
    return { database: "smic", subject: "s1", clip: `c${i}`, classIndex: 0, file };
  }));
}

Deno.test("features are made once for equal clips, the same in processes, and refused by the clip's name", async () => {
  const cache = `${testFolder()}/once`, clips = await clipsOf(1, 2, 1), say = () => {};
  const [first, second, third] = await describeClips(tiny, clips, { cache, say });
  assert(first?.features !== undefined && first.features === third?.features);
  assert(second?.features !== first.features);
  assertEquals(Array.from(Deno.readDirSync(cache)).length, 2);
  const alone = await describeClips(tiny, clips, { cache: `${testFolder()}/processes`, jobs: 2, say });
  for (const [i, { features }] of alone.entries()) {
    const pixels = clipBytes(i === 1 ? 2 : 1).subarray(0, 5 * 256);
    const expected = lbpTop({ kind: "clip", pixels, shape: [5, 16, 16, 1] }, {
      radii: { x: 1, y: 1, t: 1 },
      grid: { rows: 2, columns: 2, times: 1 },
    });
    assertEquals(await readFeatures(features as string), expected);
  }
  const coarse = { ...tiny, methodSettings: { radii: { x: 1, y: 1, t: 3 } } };
  for (const jobs of [1, 2]) {
    const error = await assertRejects(
      () => describeClips(coarse, clips, { cache, jobs, say }),
      UserError,
    );
    assertStringIncludes(error.message, "Cannot describe smic/s1/c");
    assertStringIncludes(error.message, "5 frames less 3 at each border");
  }
});

Deno.test({
  name: "a process that dies while it describes a clip is told of by the clip's name, and what is made stays",
  ignore: children() === undefined,
}, async () => {
  const cache = `${testFolder()}/dies`, clips = await clipsOf(1, 2, 3, 4);
  const describing = describeClips(tiny, clips, { cache, jobs: 2, say: () => {} });
  while (children()!.length < 2) await new Promise((resolve) => setTimeout(resolve, 1));
  Deno.kill(children()![0]!, "SIGKILL");
  const error = await assertRejects(() => describing, UserError);
  assertEquals(error.message, "Cannot describe smic/s1/c0 for lbp-top: its process ended by SIGKILL.");
  const all = await describeClips(tiny, clips, { cache, jobs: 2, say: () => {} });
  assertEquals(new Set(all.map(({ features }) => features)).size, 4);
});

Deno.test({
  name:
    "Ctrl-C in a terminal, which tells all processes, ends the describing of clips by the parent's word alone",
  ignore: children() === undefined,
}, async () => {
  const folder = `${testFolder()}/stopped`, clips = await clipsOf(1, 2), stop = new AbortController();
  const worker = new URL("../../pipeline/_describe_worker.ts", import.meta.url);
  const helper = new JsonProcess<{ type: string }>(worker);
  for (const _ of [1, 2]) {
    helper.send(JSON.stringify({ pipeline: tiny, clip: clips[0], folder }));
    assertEquals((await helper.next())?.type, "done");
    Deno.kill(children()![0]!, "SIGINT");
  }
  assertEquals((await helper.end()).how, "with exit code 0");

  const options = { cache: folder, jobs: 2, signal: stop.signal, say: () => {} };
  const describing = describeClips(tiny, clips, options);
  const stopped = assertRejects(() => describing, UserError, "Stopped before any training.");
  while (children()!.length < 2) await new Promise((resolve) => setTimeout(resolve, 1));
  stop.abort();
  for (const pid of children()!) Deno.kill(pid, "SIGINT"); // they have not begun to listen
  await stopped;
  assertEquals(children(), []);
});

Deno.test("inputs: frames, onset and apex, flow to the apex and from frame to frame", () => {
  // A bright square that moves a pixel to the right with each frame; at the apex it is two pixels off.
  const frame = (at: number) =>
    Uint8Array.from({ length: 32 * 32 }, (_, i) => {
      const x = i % 32 - at, y = i >> 5;
      return Math.round(128 + 60 * Math.sin(x / 3) * Math.cos(y / 4));
    });
  const pixels = new Uint8Array(3 * 1024);
  [0, 1, 2].forEach((t) => pixels.set(frame(t), t * 1024));
  const clip: Clip = { pixels, shape: [3, 32, 32, 1], apex: frame(2) };
  assertEquals(methodInput({ kind: "clip", channels: 1 }, clip), {
    kind: "clip",
    pixels,
    shape: [3, 32, 32, 1],
  });
  const pair = methodInput({ kind: "apex", channels: 1 }, clip);
  assertEquals(pair, { kind: "apex", onset: frame(0), apex: frame(2), shape: [32, 32, 1] });
  const middle = 16 * 32 + 16;
  for (const [maps, shape, motion] of [["apex", [1, 32, 32], [2]], ["each", [2, 32, 32], [1, 1]]] as const) {
    const flow = methodInput({ kind: "flow", maps, units: ["pixels"] }, clip);
    assert(flow.kind === "flow" && flow.unit === "pixels");
    assertEquals(flow.shape, shape);
    motion.forEach((pixels, i) => {
      const found = flow.u[i * 1024 + middle]!;
      assert(Math.abs(found - pixels) < 0.15, `moves by ${found}, expected ${pixels}`);
      assert(Math.abs(flow.v[i * 1024 + middle]!) < 0.1);
      assert(flow.strain[i * 1024 + middle]! < 0.1);
    });
  }
});
