import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { seededRandom } from "../../engine/mod.ts";
import { MacroMaps } from "../../pipeline/macro_maps.ts";
import { UserError } from "../../types.ts";
import { useEngine } from "../_engine.ts";
import { testFolder } from "./_tiny.ts";

await useEngine();

function draw(seed: string, length: number): Float32Array {
  const random = seededRandom(seed);
  return Float32Array.from({ length }, () => random.normal());
}
const apexOf = (i: number) => draw(`apex ${i}`, 2 * 2 * 3);
const framesOf = (i: number) => draw(`frames ${i}`, 4 * 2 * 2 * 3);

Deno.test("MacroMaps gives back the very numbers, any clips in any order, and leaks nothing", async () => {
  const folder = `${testFolder()}/maps`;
  const before = tf.memory().numTensors;
  await MacroMaps.write(folder, 5, (i) => ({
    apexMap: tf.tensor4d(apexOf(i), [1, 2, 2, 3]),
    frameMaps: tf.tensor5d(framesOf(i), [1, 4, 2, 2, 3]),
  }));
  const maps = await MacroMaps.open(folder);
  assertEquals(maps.count, 5);
  for (const clips of [[0, 1, 2, 3, 4], [4, 1, 1], [2]]) {
    const { apexMap, frameMaps } = maps.batch(clips);
    assertEquals(apexMap?.shape, [clips.length, 2, 2, 3]);
    assertEquals(frameMaps?.shape, [clips.length, 4, 2, 2, 3]);
    assertEquals([...apexMap!.dataSync()], clips.flatMap((i) => [...apexOf(i)]));
    assertEquals([...frameMaps!.dataSync()], clips.flatMap((i) => [...framesOf(i)]));
    tf.dispose([apexMap!, frameMaps!]);
  }
  maps.close();
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("MacroMaps of one stream has that stream alone", async () => {
  const folder = `${testFolder()}/temporal`;
  await MacroMaps.write(folder, 2, (i) => ({ frameMaps: tf.tensor5d(framesOf(i), [1, 4, 2, 2, 3]) }));
  const maps = await MacroMaps.open(folder);
  const batch = maps.batch([1, 0]);
  assertEquals(Object.keys(batch), ["frameMaps"]);
  assertEquals([...batch.frameMaps!.dataSync()], [...framesOf(1), ...framesOf(0)]);
  tf.dispose(batch.frameMaps!);
  maps.close();
});

Deno.test("MacroMaps names the folder when a file is missing, and says that it ends too soon", async () => {
  const folder = `${testFolder()}/broken`;
  await assertRejects(
    () => MacroMaps.open(folder),
    UserError,
    `remove ${folder} and run again with --resume`,
  );
  await MacroMaps.write(folder, 2, (i) => ({ apexMap: tf.tensor4d(apexOf(i), [1, 2, 2, 3]) }));
  await Deno.truncate(`${folder}/maps.f32`, 60);
  const maps = await MacroMaps.open(folder);
  assertThrows(() => maps.batch([1]), UserError, "maps.f32 ends too soon");
  maps.close();
});
