import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import sharp from "sharp";
import {
  openFaceFinder,
  prepareDatabases,
  showDatabase,
  synthesizeDatabases,
  writeXlsx,
} from "../../../data/mod.ts";
import { startEngine } from "../../../engine/mod.ts";
import { UserError } from "../../../types.ts";

const root = await Deno.makeTempDir();
const subjects = { casme2: 3, smic: 2, samm: 1, ckplus: 1, mmi: 1 };
await synthesizeDatabases(join(root, "all"), { subjects, clipsPerSubject: 4, size: 48 });
const casme2 = join(root, "all", "casme2"), smic = join(root, "all", "smic");
globalThis.addEventListener("unload", () => Deno.removeSync(root, { recursive: true }));

const images = (page: string) =>
  [...page.matchAll(/data:image\/webp;base64,([\w+/=]+)/g)].map(([, text]) => text!);
const decoded = (text: string) =>
  sharp(Uint8Array.from(atob(text), (c) => c.charCodeAt(0))).greyscale().resize(48, 48).raw().toBuffer();

Deno.test("showDatabase() counts what the folders hold", async () => {
  const page = await showDatabase("smic", smic, { clips: 3 });
  const folders: Record<string, number> = { negative: 0, positive: 0, surprise: 0 };
  for (const subject of Deno.readDirSync(join(smic, "SMIC_all_cropped/HS"))) {
    for (const label of Object.keys(folders)) {
      try {
        folders[label]! +=
          [...Deno.readDirSync(join(smic, "SMIC_all_cropped/HS", subject.name, "micro", label))].length;
      } catch { /* the subject has none of it */ }
    }
  }
  const words = page.replace(/<style>.*<\/style>/s, "").replace(/<[^>]*>/g, " ").replace(/\s+/g, " ");
  for (const [label, count] of Object.entries(folders)) {
    if (count > 0) assertStringIncludes(words, ` ${label} ${count} `);
  }
  assertStringIncludes(words, `3 of ${Object.values(folders).reduce((a, b) => a + b)} clips`);
  assertEquals(page.match(/<article class="panel clip"|class="panel clip"/g)?.length, 3);
});

Deno.test("showDatabase() says of each apex how it is known", async () => {
  const prepared = join(root, "prepared");
  await prepareDatabases({ smic }, prepared, {
    align: "none",
    size: 48,
    flow: "none",
    cache: join(root, "cache"),
  });
  const [before, after] = [
    await showDatabase("smic", smic, { clips: 2 }),
    await showDatabase("smic", join(prepared, "smic"), { clips: 2 }),
  ];
  const count = (page: string, words: string) => page.split(words).length - 1;
  const [midpoint, spotted] = ["(the midpoint: none is coded)", "(spotted: none is coded)"] as const;
  assertEquals([count(before, midpoint), count(before, spotted)], [2, 0]);
  assertEquals([count(after, midpoint), count(after, spotted)], [0, 2]);
});

Deno.test("showDatabase() shows no pixel of a face unless it is asked to", async () => {
  await startEngine("wasm", { say: () => {} });
  const finder = await openFaceFinder();
  const page = await showDatabase("casme2", casme2, { clips: 3, finder });
  assertEquals(images(page).length, 3 + 1); // a flow for each clip, and the wheel
  assert(!page.includes("<image"));
  assert(page.includes("<polyline"), "no landmarks");
  const faces = await showDatabase("casme2", casme2, { clips: 3, finder, faces: true });
  assertEquals(images(faces).length, 3 * 4 + 1);
  assertStringIncludes(faces, "Do not pass it on");

  // A picture of the page without faces is far from every frame on disk; one of the page with faces is near one.
  const disk: Uint8Array[] = [];
  for (const subject of Deno.readDirSync(join(casme2, "Cropped"))) {
    for (const clip of Deno.readDirSync(join(casme2, "Cropped", subject.name))) {
      const folder = join(casme2, "Cropped", subject.name, clip.name);
      for (const { name } of Deno.readDirSync(folder)) {
        disk.push(await sharp(join(folder, name)).greyscale().resize(48, 48).raw().toBuffer());
      }
    }
  }
  const nearest = async (text: string) => {
    const picture = await decoded(text);
    const far = (frame: Uint8Array) =>
      frame.reduce((sum, value, i) => sum + Math.abs(value - picture[i]!), 0) / frame.length;
    return Math.min(...disk.map(far));
  };
  for (const text of images(page)) assert(await nearest(text) > 40, "a picture looks like a frame");
  const near = await Promise.all(images(faces).map(nearest));
  assertEquals(near.filter((distance) => distance < 8).length, 3 * 3);
});

Deno.test("showDatabase() gives the same page again, and it asks for nothing", async () => {
  const page = await showDatabase("smic", smic, { clips: 2 });
  assertEquals(await showDatabase("smic", smic, { clips: 2 }), page);
  assert(!/https?:|<script|@import|url\(|srcset|<link rel="(?!icon" href="data:,")/.test(page));
  assert(!page.includes(root), "a path of this machine is on the page");
});

Deno.test("showDatabase() says of a clip that cannot be read why, and lists the problem", async () => {
  const copy = join(root, "damaged");
  await new Deno.Command("cp", { args: ["-r", casme2, copy] }).output();
  const clip = join(copy, "Cropped", "sub01");
  const [first] = [...Deno.readDirSync(clip)].map(({ name }) => name).sort();
  for (const { name } of Deno.readDirSync(join(clip, first!))) {
    await Deno.writeFile(join(clip, first!, name), new Uint8Array());
  }
  const page = await showDatabase("casme2", copy, { clips: 12 });
  assert(/Cannot read the frame .*copy it again from the database/.test(page));
  assertStringIncludes(page, "the file is empty");
  // A clip whose folder is gone is a problem that names the folder.
  await Deno.remove(join(copy, "Cropped", "sub02"), { recursive: true });
  const gone = await showDatabase("casme2", copy, { clips: 1 });
  assert(/but Cropped.sub02.* is not there/.test(gone));
  for (const text of [page, gone]) assert(!text.includes(root), "a path of this machine is on the page");
});

Deno.test("showDatabase() shows the further databases too", async () => {
  const folder = join(root, "mmew"),
    header = ["Subject", "Filename", "OnsetFrame", "ApexFrame", "OffsetFrame", "Action Units"];
  const rows = [[...header, "Estimated Emotion", "remarks"], [
    2,
    "S02-01-003",
    1,
    2,
    3,
    "12",
    "happiness",
    null,
  ]];
  const clip = join(folder, "Micro_Expression", "happiness", "S02-01-003");
  await Deno.mkdir(clip, { recursive: true });
  await Deno.writeFile(join(folder, "MMEW_Micro_Exp.xlsx"), writeXlsx([{ name: "Sheet1", rows }]));
  for (const n of [1, 2, 3]) {
    await sharp({ create: { width: 32, height: 32, channels: 3, background: "grey" } }).toFile(
      join(clip, `${n}.jpg`),
    );
  }
  const page = await showDatabase("mmew", folder);
  assertStringIncludes(page, "<h1>MMEW</h1>");
  assertStringIncludes(page, "flow: nothing moves");
});

Deno.test("showDatabase() refuses what it cannot show", async () => {
  await assertRejects(() => showDatabase("smic", smic, { clips: 0 }), RangeError, "current value is 0");
  await assertRejects(() => showDatabase("smic", join(root, "none")), UserError, "does not exist");
  const stop = AbortSignal.abort();
  await assertRejects(() => showDatabase("smic", smic, { signal: stop }), DOMException);
});
