// The page as a browser shows it.
import { join } from "node:path";
import { openFaceFinder, showDatabase, synthesizeDatabases } from "../../../data/mod.ts";
import { startEngine } from "../../../engine/mod.ts";
import { assertGoodPage, executablePath, skipped, withBrowser } from "../../page/_browser.ts";

Deno.test({
  name:
    `the page of showDatabase() in Chromium: no message, no request, nothing too wide, everything named${skipped}`,
  ignore: executablePath === undefined,
  // The browser's pipes are closed when it is; playwright keeps listeners on the process.
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    const root = await Deno.makeTempDir(), file = join(root, "page.html");
    const subjects = { casme2: 2, smic: 1, samm: 1, ckplus: 1, mmi: 1 };
    await synthesizeDatabases(join(root, "all"), { subjects, clipsPerSubject: 4, size: 48 });
    await startEngine("wasm", { say: () => {} });
    const finder = await openFaceFinder();
    try {
      await withBrowser(async (browser) => {
        for (const faces of [false, true]) {
          await Deno.writeTextFile(
            file,
            await showDatabase("casme2", join(root, "all/casme2"), { clips: 4, finder, faces }),
          );
          await assertGoodPage(browser, file);
        }
      });
    } finally {
      await Deno.remove(root, { recursive: true });
    }
  },
});
