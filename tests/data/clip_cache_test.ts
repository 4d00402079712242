import { assertEquals, assertRejects } from "@std/assert";
import sharp from "sharp";
import { ClipCache, loadClip, readCachedClip } from "../../data/mod.ts";
import { type Sample, UserError } from "../../types.ts";
import { plant } from "./readers/_databases.ts";

const image = (value: number) =>
  sharp({ create: { width: 6, height: 6, channels: 3, background: { r: value, g: value, b: value } } }).png()
    .toBuffer();
const options = { frames: 3, size: 4, channels: 1 } as const;

async function database(): Promise<{ root: string; sample: Sample }> {
  const root = await plant({ "1.png": await image(10), "2.png": await image(20), "3.png": await image(30) });
  const files = ["1.png", "2.png", "3.png"].map((name) => `${root}/${name}`);
  const source = { kind: "images", files } as const;
  const times = { onset: 0, apex: 1, offset: 2, apexOrigin: "coded", fps: 200 } as const;
  return {
    root,
    sample: { database: "casme2", subject: "sub01", clip: "EP01", label: "others", source, ...times },
  };
}
const names = (folder: string) => [...Deno.readDirSync(folder)].map((entry) => entry.name).sort();

Deno.test("ClipCache: gives what loadClip gives, from its entry the second time", async () => {
  const { root, sample } = await database();
  const cache = await ClipCache.open(`${root}/cache`, options);
  const direct = await loadClip(sample, options);
  assertEquals(await cache.load(sample), direct);
  const [entry] = names(cache.folder);
  const { mtime, ino } = await Deno.stat(`${cache.folder}/${entry}`);
  assertEquals(await cache.load(sample), direct);
  const again = await Deno.stat(`${cache.folder}/${entry}`);
  assertEquals([names(cache.folder).length, again.mtime, again.ino], [1, mtime, ino]);
  assertEquals(readCachedClip(await cache.keep(sample), options), direct);
});

Deno.test("ClipCache: another setting, another key frame and a changed file are other entries", async () => {
  const { root, sample } = await database();
  const count = async (changed: Sample, other: Parameters<typeof loadClip>[1] = options) => {
    await (await ClipCache.open(`${root}/cache`, other)).load(changed);
    return names(`${root}/cache`).length;
  };
  assertEquals(await count(sample), 1);
  assertEquals(await count(sample, { ...options, frames: 2 }), 2);
  assertEquals(await count(sample, { ...options, channels: 3 }), 3);
  assertEquals(await count(sample, { ...options, crop: { left: 0, top: 0, width: 0.5, height: 0.5 } }), 4);
  assertEquals(await count({ ...sample, apex: 2 }), 5);
  assertEquals(await count({ ...sample, label: "fear" }), 5);
  await Deno.writeFile(`${root}/2.png`, await image(200));
  await Deno.utime(`${root}/2.png`, 1, 1);
  assertEquals(await count(sample), 6);
  assertEquals((await (await ClipCache.open(`${root}/cache`, options)).load(sample)).apex[0], 200);
});

Deno.test("ClipCache: a damaged entry is made anew; several at once give one entry and nothing else", async () => {
  const { root, sample } = await database();
  const cache = await ClipCache.open(`${root}/cache`, options);
  const direct = await cache.load(sample);
  const file = `${cache.folder}/${names(cache.folder)[0]}`;
  await Deno.truncate(file, 7);
  assertEquals(await cache.load(sample), direct);
  await Deno.remove(file);
  const others = await Promise.all(
    [1, 2, 3, 4].map(async () => (await ClipCache.open(cache.folder, options)).load(sample)),
  );
  for (const clip of others) assertEquals(clip, direct);
  assertEquals(names(cache.folder).length, 1);
});

Deno.test("ClipCache: what a killed process left is cleared after a day, not before", async () => {
  const { root } = await database();
  const old = new Date(Date.now() - 25 * 3600 * 1000);
  const cached = await plant({ "a.clip.1.part": "x", "b.clip.2.part": "x" });
  await Deno.utime(`${cached}/a.clip.1.part`, old, old);
  await ClipCache.open(cached, options);
  assertEquals(names(cached), ["b.clip.2.part"]);
  await assertRejects(
    () => ClipCache.open(`${root}/1.png/cache`, options),
    UserError,
    "Cannot use the clip cache",
  );
});

Deno.test("ClipCache: a missing frame is loadClip's error and leaves no entry", async () => {
  const { root, sample } = await database();
  await Deno.remove(`${root}/2.png`);
  const cache = await ClipCache.open(`${root}/cache`, options);
  await assertRejects(() => cache.load(sample), UserError, "2.png: the file is missing");
  assertEquals(names(cache.folder), []);
});
