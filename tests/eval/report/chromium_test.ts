// The report as a browser shows it.
import { join } from "node:path";
import { comparisonPage, reportPage } from "../../../eval/report/mod.ts";
import { assertGoodPage, executablePath, skipped, withBrowser } from "../../page/_browser.ts";
import { handMadeRun } from "./_run.ts";

Deno.test({
  name: `the report in Chromium: no message, no request, nothing too wide, everything named${skipped}`,
  ignore: executablePath === undefined,
  // The browser's pipes are closed when it is; playwright keeps listeners on the process.
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    const root = await Deno.makeTempDir(), file = join(root, "report.html");
    try {
      await withBrowser(async (browser) => {
        const incomplete = handMadeRun({
          name: "second",
          marks: [{ kind: "incomplete", text: "3 of 16 folds." }, { kind: "synthetic", text: "x." }],
        });
        for (
          const { page } of [
            reportPage(handMadeRun()),
            reportPage(incomplete),
            comparisonPage([handMadeRun(), incomplete]),
          ]
        ) {
          await Deno.writeTextFile(file, page);
          await assertGoodPage(browser, file);
        }
      });
    } finally {
      await Deno.remove(root, { recursive: true });
    }
  },
});
