// The inspector as a browser shows it.
import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { openFaceFinder, readCasme2, synthesizeDatabases } from "../../data/mod.ts";
import { startEngine } from "../../engine/mod.ts";
import { type InspectorFiles, inspectorFiles, serveInspector } from "../../inspect/mod.ts";
import { loadModel, predictFile } from "../../predict/mod.ts";
import { axeFindings, executablePath, faults, skipped, withBrowser } from "../page/_browser.ts";
import { writeModel } from "./_model.ts";

const inChromium = { ignore: executablePath === undefined, sanitizeOps: false, sanitizeResources: false };

/** A folder with the frames of a clip of a drawn face, and the page of a model with random weights. */
async function setUp(): Promise<
  { root: string; model: string; clip: string; frames: string[]; files: InspectorFiles }
> {
  await startEngine("wasm", { say: () => {} });
  const root = await Deno.makeTempDir(), model = join(root, "model");
  await writeModel(model, { faces: true, networks: 2 });
  const subjects = { casme2: 1, smic: 0, samm: 0, ckplus: 0, mmi: 0 };
  await synthesizeDatabases(join(root, "data"), { subjects, clipsPerSubject: 1, size: 160 });
  const { samples: [sample] } = await readCasme2(join(root, "data/casme2"));
  if (sample?.source.kind !== "images") throw new Error("no clip");
  const frames = sample.source.files.slice(sample.onset, sample.offset + 1);
  const clip = join(root, "clip");
  await Deno.mkdir(clip);
  for (const [i, file] of frames.entries()) await Deno.copyFile(file, join(clip, `img${i + 1}.jpg`));
  return { root, model, clip, frames, files: await inspectorFiles(model, { cache: join(root, "cache") }) };
}

/** Opens the page, uses it, and sees that it said nothing and asked for nothing but its own files. */
async function withPage(
  browser: Browser,
  files: InspectorFiles,
  options: Parameters<Browser["newPage"]>[0],
  use: (page: Page) => Promise<void>,
): Promise<void> {
  const served = serveInspector(files), page = await browser.newPage(options);
  const messages: string[] = [], requests: string[] = [];
  page.on("console", (message) => messages.push(message.text()));
  page.on("pageerror", (error) => messages.push(error.message));
  page.context().on("request", (request) => requests.push(request.url()));
  try {
    await page.goto(served.url);
    await page.locator("#files:not([disabled])").waitFor({ state: "attached", timeout: 60_000 });
    await use(page);
    const outside = requests.filter((url) => !url.startsWith(served.url) && !/^(blob|data):/.test(url));
    assertEquals([messages, outside], [[], []]);
    assert(requests.some((url) => url.endsWith("/model/model.json")), "the worker's requests are seen too");
  } finally {
    await page.close();
    await served.close();
  }
}

/** Gives files to the page and waits until it has an answer, or a problem. */
async function give(page: Page, files: string[]): Promise<void> {
  await page.locator("#files").setInputFiles(files);
  const done = page.locator("[role=status]", { hasText: /^Done/ });
  await done.or(page.locator("[role=alert]")).first().waitFor({ state: "attached", timeout: 120_000 });
}

const probabilities = async (page: Page) =>
  (await page.locator(".answer data").evaluateAll((all) =>
    all.map((one) => (one as unknown as { value: string }).value)
  )).map(Number);

Deno.test({
  ...inChromium,
  name:
    `the inspector in Chromium: answers like the command line, is usable by all, and leaves the machine alone${skipped}`,
  fn: async () => {
    const { root, model: folder, clip, files } = await setUp();
    try {
      const model = await loadModel(folder), finder = await openFaceFinder();
      const expected = (await predictFile(clip, model, { finder, fps: 200 })).faces[0]!.windows[0]!;
      model.dispose();
      const images = [...Deno.readDirSync(clip)].map(({ name }) => join(clip, name));
      await withBrowser(async (browser) => {
        for (const [width, colorScheme] of [[320, "dark"], [390, "light"], [1440, "dark"]] as const) {
          const viewport = { width, height: 900 }, what = `${width} ${colorScheme}`;
          await withPage(browser, files, { viewport, colorScheme, reducedMotion: "reduce" }, async (page) => {
            assertStringIncludes(
              await page.locator("header").innerText(),
              "not evaluated. Its weights are random.",
            );
            assertEquals(await page.evaluate(faults), [], `${what}, empty`);
            await give(page, images);
            await page.locator(".views img").first().waitFor();
            assertEquals(await page.locator(".views img").count(), 4);
            const found = await probabilities(page);
            expected.probabilities.forEach((p, c) => assertAlmostEquals(found[c]!, p, 1e-4));
            const said = await page.locator("[role=status]").textContent();
            assertStringIncludes(said!, `${expected.label}, `);
            assertStringIncludes(
              await page.locator(".answer").innerText(),
              `apex at frame ${expected.apex.frame} `,
            );
            assertEquals(await page.evaluate(faults), [], what);
            if (width !== 320) assertEquals(await axeFindings(page), [], `axe, ${what}`);
          });
        }
      });
    } finally {
      await Deno.remove(root, { recursive: true });
    }
  },
});

Deno.test({
  ...inChromium,
  name: `the inspector in Chromium: the camera, by keyboard alone; what is no clip gets a sentence${skipped}`,
  fn: async () => {
    const { root, frames, files } = await setUp();
    try {
      const film = join(root, "camera.mjpeg"); // Chromium plays it for ever
      const parts = await Promise.all(frames.map((file) => Deno.readFile(file)));
      await Deno.writeFile(film, new Uint8Array(await new Blob(parts).arrayBuffer()));
      await Deno.writeTextFile(join(root, "broken.jpg"), "no image");
      await Deno.writeTextFile(join(root, "film.avi"), "RIFF....AVI ");
      await withBrowser(
        async (browser) => {
          await withPage(browser, files, { viewport: { width: 390, height: 800 } }, async (page) => {
            const problem = async (list: string[]) => {
              await give(page, list);
              return await page.locator("[role=alert]").innerText();
            };
            assertStringIncludes(await problem([frames[0]!]), "One image shows no movement");
            assertStringIncludes(
              await problem([join(root, "film.avi")]),
              "film.avi is no MP4, MOV, WebM or MKV video",
            );
            assertStringIncludes(
              await problem([frames[0]!, join(root, "broken.jpg")]),
              "broken.jpg is damaged",
            );
            const press = async (name: RegExp) => { // as who has no mouse: Tab until it is there
              for (let k = 0; k < 30; k++) {
                const focused = await page.evaluate("document.activeElement?.textContent ?? ''");
                if (name.test(String(focused))) return await page.keyboard.press("Enter");
                await page.keyboard.press("Tab");
              }
              throw new Error(`no way to ${name} by the keyboard`);
            };
            await press(/^Use the camera$/);
            const look = page.getByRole("button", { name: /^Look at the last/ });
            await look.waitFor();
            await page.waitForTimeout(2500);
            await press(/^Look at the last/);
            await page.locator("[role=status]", { hasText: /^Done/ }).waitFor({
              state: "attached",
              timeout: 120_000,
            });
            const facts = await page.locator(".status").innerText();
            const [, count, seconds] = /camera: (\d+) frames[^]* over ([\d.]+) s/.exec(facts) ?? [];
            assert(Number(count) > 10 && Number(seconds) > 1 && Number(seconds) < 2.1, facts);
            await press(/^Stop the camera$/);
            await page.getByRole("button", { name: "Use the camera" }).waitFor();
          });
        },
        [
          "--use-fake-device-for-media-stream",
          "--use-fake-ui-for-media-stream",
          `--use-file-for-fake-video-capture=${film}`,
        ],
      );
    } finally {
      await Deno.remove(root, { recursive: true });
    }
  },
});
