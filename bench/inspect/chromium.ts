// The inspector in Chromium beside the command line: the same frames, the largest difference of probabilities; how long the page takes to load and to answer.
//   deno task deno run -A bench/inspect/chromium.ts [--clips 50] [--model FOLDER]
// Without --model, a two-stream network of width 16 at 64 pixels with weights out of a seed, on drawn faces of 160 pixels found and aligned. Needs Chromium.
import { basename, join } from "node:path";
import { parseArgs } from "@std/cli";
import { openFaceFinder, readDatabase, synthesizeDatabases } from "../../data/mod.ts";
import { startEngine } from "../../engine/mod.ts";
import { inspectorFiles, serveInspector } from "../../inspect/mod.ts";
import { loadModel, predictFile, type WindowPrediction } from "../../predict/mod.ts";
import { writeModel } from "../../tests/inspect/_model.ts";
import { withBrowser } from "../../tests/page/_browser.ts";
import { median } from "../_median.ts";

const given = parseArgs(Deno.args, { string: ["clips", "model"] });
const wanted = Number(given.clips ?? 50);
const root = await Deno.makeTempDir();
await startEngine("wasm");
let model = given.model as string | undefined;
if (model === undefined) await writeModel(model = join(root, "model"), { faces: true, width: 16, size: 64 });

const perDatabase = Math.ceil(wanted / 3 / 4);
const subjects = { casme2: perDatabase, smic: perDatabase, samm: perDatabase, ckplus: 0, mmi: 0 };
await synthesizeDatabases(join(root, "data"), { subjects, clipsPerSubject: 4, size: 160 });
const clips: { folder: string; files: string[] }[] = [];
for (const database of ["casme2", "smic", "samm"] as const) {
  const { samples } = await readDatabase(database, join(root, "data", database));
  for (const { source, onset, offset } of samples) {
    if (source.kind !== "images") continue;
    const folder = join(root, "clips", String(clips.length)), files: string[] = [];
    await Deno.mkdir(folder, { recursive: true });
    for (const file of source.files.slice(onset, offset + 1)) {
      const copy = join(folder, basename(file));
      await Deno.copyFile(file, copy);
      files.push(copy);
    }
    clips.push({ folder, files });
  }
}
clips.splice(wanted);
const kinds = new Set(clips.map(({ files }) => files[0]!.replace(/.*\./, "")));

const loaded = await loadModel(model), finder = await openFaceFinder();
const expected: (WindowPrediction | undefined)[] = [];
for (const { folder } of clips) {
  expected.push((await predictFile(folder, loaded, { finder, fps: 200 })).faces[0]?.windows[0]);
}
loaded.dispose();

const served = serveInspector(await inspectorFiles(model));
const load: number[] = [], answer: number[] = [], pictures: number[] = [];
let largest = 0, compared = 0, apices = 0;
const spread: number[] = [];
const labels = new Map<string, number>();
await withBrowser(async (browser) => {
  for (let k = 0; k < 5; k++) { // a browser's cache starts empty in each
    const page = await browser.newPage(), begun = performance.now();
    await page.goto(served.url);
    await page.locator("#files:not([disabled])").waitFor({ state: "attached" });
    load.push(performance.now() - begun);
    await page.close();
  }
  const page = await browser.newPage();
  await page.goto(served.url);
  await page.locator("#files:not([disabled])").waitFor({ state: "attached" });
  for (const [k, { files }] of clips.entries()) {
    const begun = performance.now();
    await page.locator("#files").setInputFiles(files);
    const status = page.locator("[role=status]");
    await status.filter({ hasText: "being looked at" }).waitFor({ state: "attached" }); // the last clip's answer is gone
    await status.filter({ hasText: /^Done/ }).waitFor({ state: "attached", timeout: 120_000 });
    answer.push(performance.now() - begun);
    const want = expected[k];
    if (want === undefined) {
      if (await page.locator(".answer").count() > 0) {
        throw new Error(`${files[0]}: the page finds a face, the command line none`);
      }
      continue;
    }
    await page.locator(".views img").first().waitFor();
    pictures.push(performance.now() - begun);
    const found = await page.locator(".answer data").evaluateAll((all) =>
      all.map((one) => Number((one as unknown as { value: string }).value))
    );
    want.probabilities.forEach((p, c) => largest = Math.max(largest, Math.abs(p - found[c]!)));
    if ((await page.locator(".answer").innerText()).includes(`apex at frame ${want.apex.frame} `)) apices++;
    spread.push(Math.max(...want.probabilities));
    labels.set(want.label, (labels.get(want.label) ?? 0) + 1);
    compared++;
  }
});
await served.close();
await Deno.remove(root, { recursive: true });
const seconds = (times: number[]) =>
  `${(median(times) / 1000).toFixed(2)} s (longest ${(Math.max(...times) / 1000).toFixed(2)})`;
console.log(
  `${clips.length} clips (${[...kinds].join(", ")}), ${compared} with a face; answers ${
    [...labels].map(([label, n]) => `${n} ${label}`).join(", ")
  }, of a probability ${Math.min(...spread).toFixed(3)} to ${Math.max(...spread).toFixed(3)}`,
);
console.log(
  `largest difference of a probability ${
    largest.toExponential(1)
  }, the same apex in ${apices} of ${compared}`,
);
console.log(
  `page ready after ${seconds(load)}; answer after ${seconds(answer)}; with all pictures after ${
    seconds(pictures)
  }`,
);
if (largest > 1e-4 || apices < compared) Deno.exit(1);
