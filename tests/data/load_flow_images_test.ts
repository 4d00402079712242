import { assertEquals, assertRejects } from "@std/assert";
import sharp from "sharp";
import { loadFlowImages } from "../../data/mod.ts";
import { UserError } from "../../types.ts";
import { plant } from "./readers/_databases.ts";

const rgb = (width: number, height: number, start: number) => {
  const pixels = Uint8Array.from({ length: width * height * 3 }, (_, i) => (start + i) % 256);
  return sharp(pixels, { raw: { width, height, channels: 3 } }).png().toBuffer();
};
const head = "file,database,subject,clip,label\n";
const real = Deno.env.get("M2M_REAL_DATA");

Deno.test("loadFlowImages: pixels as stored, in the manifest's order, channels in the order asked", async () => {
  const root = await plant({
    "a.png": await rgb(3, 2, 0),
    "b.png": await rgb(3, 2, 100),
    "manifest.csv":
      "\ufefflabel,clip,subject,database,file\r\n2,c2,s02,smic,b.png\r\n0,c1,s01,smic,a.png\r\n",
  });
  const plain = await loadFlowImages(root);
  assertEquals(plain.map(({ subject, clip, classIndex, shape }) => [subject, clip, classIndex, shape]), [
    ["s02", "c2", 2, [2, 3, 3]],
    ["s01", "c1", 0, [2, 3, 3]],
  ]);
  assertEquals([...plain[1]!.pixels], Array.from({ length: 18 }, (_, i) => i));
  const turned = await loadFlowImages(root, { channels: ["strain", "v", "u"] });
  assertEquals([...turned[1]!.pixels.subarray(0, 6)], [2, 1, 0, 5, 4, 3]);
  const single = await loadFlowImages(root, { channels: ["v"] });
  assertEquals([...single[1]!.pixels], [1, 4, 7, 10, 13, 16]);
});

Deno.test("loadFlowImages: names the line or the file that is wrong", async () => {
  const a = await rgb(3, 2, 0);
  const refused = async (manifest: string | null, words: string, more = {}) => {
    const root = await plant({
      "a.png": a,
      ...more,
      ...(manifest === null ? {} : { "manifest.csv": manifest }),
    });
    await assertRejects(() => loadFlowImages(root), UserError, words);
  };
  await refused(null, "Cannot read the manifest");
  await refused("file,database\n", "lacks subject, clip, label");
  await refused(head, "lists no image");
  await refused(`${head}a.png,smic,,c,0\n`, "line 2 has a blank cell");
  await refused(`${head}a.png,smic,s,c,happy\n`, 'label "happy"');
  await refused(`${head}a.png,smic,s,c,0\na.png,smic,s,c,0\n`, "line 3 names smic/s/c a second time");
  await refused(`${head}gone.png,smic,s,c,0\n`, "gone.png");
  await refused(`${head}a.png,smic,s,c,0\nb.png,smic,s,d,0\n`, "it is 4x2", { "b.png": await rgb(4, 2, 0) });
  await refused(`${head}b.png,smic,s,d,0\n`, "b.png", { "b.png": a.subarray(0, 60) });
  await assertRejects(() => loadFlowImages("/no/such"), UserError, "does not exist");
});

Deno.test({
  name: `loadFlowImages: the 442 real images${real === undefined ? " (skipped: no real data)" : ""}`,
  ignore: real === undefined,
  fn: async () => {
    const images = await loadFlowImages(`${real}/flow442`);
    assertEquals(images.length, 442);
    assertEquals([0, 1, 2].map((k) => images.filter((image) => image.classIndex === k).length), [
      250,
      109,
      83,
    ]);
    assertEquals(images.every((image) => image.shape.join() === "28,28,3"), true);
    assertEquals(new Set(images.map((image) => `${image.database}/${image.subject}`)).size, 68);
  },
});
