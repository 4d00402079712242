import { assert, assertEquals } from "@std/assert";
import {
  type FacePictures,
  predictionCsv,
  predictionPage,
  type PredictionReport,
  predictionText,
} from "../../predict/report/mod.ts";
import type { WindowPrediction } from "../../predict/results.ts";
import { assertGoodPage, executablePath, skipped, withBrowser } from "../page/_browser.ts";

const classes = ["negative", "positive", "surprise"];

function windowAt(start: number, best: number, peak = false): WindowPrediction {
  const at = (time: number) => ({ frame: Math.round(25 * time) + 1, time });
  const probabilities = classes.map((_, k) => k === best ? 0.75 : 0.125);
  return {
    ...{
      from: at(start),
      to: at(start + 1),
      onset: at(start + 0.2),
      apex: at(start + 0.4),
      offset: at(start + 0.6),
    },
    ...{ spotted: ["onset", "apex", "offset"], motion: peak ? 2.5 : 0.5, brief: peak ? 2 : 0.1, peak },
    ...{ class: best, label: classes[best]!, probabilities, logits: probabilities.map(Math.log) },
    place: { box: { left: 1, top: 2, width: 30, height: 30 }, eyes: [[8, 12], [20, 12]], score: 0.9 },
  };
}

const size = { width: 640, height: 480, spacing: [0.04, 0.04], notes: [], cutShort: null } as const;
const starts = Array.from({ length: 20 }, (_, k) => k / 2);
const report: PredictionReport = {
  model: {
    ...{ run: "runs/own", name: "own", member: "the mean of 3 networks", classes },
    ...{ evaluated: false, note: "It learned from all subjects <there> are." },
  },
  settings: { window: 1, step: 0.5 },
  inputs: [
    {
      ...{ ...size, input: "long, & <odd>.mp4", kind: "video", frames: 263, seconds: 10.48, single: false },
      faces: [
        { face: 1, windows: starts.map((start, k) => windowAt(start, k % 3, k === 7)) },
        { face: 2, windows: starts.filter((_, k) => k < 5 || k > 12).map((start) => windowAt(start, 1)) },
      ],
      notes: ["no face was found in 1 of 21 frames that were looked at"],
      cutShort: "long.mp4 is cut off or damaged after 10.48 s: 263 of 500 frames could be read",
    },
    {
      ...{ ...size, input: "clip", kind: "images", frames: 26, seconds: 1, single: true },
      faces: [{ face: 1, windows: [{ ...windowAt(0, 2), spotted: ["apex"] }] }],
    },
    { input: "gone.mp4", error: "Cannot predict gone.mp4: there is no such file or folder; check its name" },
  ],
};

Deno.test("predictionText: a table for each input, what is to be said before it, and that the model is not evaluated", () => {
  const text = predictionText({ ...report, inputs: report.inputs.slice(1) });
  assertEquals(
    text,
    `Model own, the mean of 3 networks. NOT EVALUATED: nobody knows how often it is right. It learned from all subjects <there> are.

clip: 26 images of 640x480, 1.00 s, 25.0 frames a second
face  from  to    onset  apex  offset  motion  brief    expression  negative  positive  surprise
1     0.00  1.00  0.20   0.40  0.60    0.50    0.10     surprise    0.125     0.125     0.750

gone.mp4: Cannot predict gone.mp4: there is no such file or folder; check its name
`,
  );
  const long = predictionText({ ...report, inputs: report.inputs.slice(0, 1) }).split("\n");
  assert(long.includes("  long.mp4 is cut off or damaged after 10.48 s: 263 of 500 frames could be read"));
  assertEquals(long.filter((line) => line.includes("  peak  ")).length, 1);
  const evaluated = predictionText({ ...report, model: { ...report.model, evaluated: true } });
  assert(!evaluated.includes("NOT EVALUATED"));
});

Deno.test("predictionCsv: a row for each window, quoted, exact, each saying whether the model was evaluated", () => {
  const [head, first, ...others] = predictionCsv(report).trimEnd().split("\n");
  assertEquals(
    head,
    "input,face,from,to,onset,apex,offset,onset_frame,apex_frame,offset_frame,spotted,motion,brief,peak,prediction,p_negative,p_positive,p_surprise,evaluated",
  );
  assertEquals(
    first,
    '"long, & <odd>.mp4",1,0,1,0.2,0.4,0.6,6,11,16,onset apex offset,0.5,0.1,no,negative,0.75,0.125,0.125,no',
  );
  assertEquals(others.length, 20 + 12 + 1 - 1);
});

Deno.test("predictionPage: names are escaped, peaks and gaps drawn, faces only if there are pictures", () => {
  const page = predictionPage(report);
  assert(page.includes("long, &amp; &lt;odd&gt;.mp4") && !page.includes("<odd>"));
  assert(page.includes("NOT EVALUATED"));
  assert(!page.includes("<img"));
  assertEquals(page.match(/class="mark"/g)?.length, 2, "the peak, in both charts");
  // Face 2 is out of sight for a while: each of its lines has two parts.
  const lines = [...page.matchAll(/<path d="([^"]+)" style="stroke:var\(--l1\)"/g)].map(([, d]) =>
    d!.match(/M/g)!.length
  );
  assertEquals(lines, [1, 2]);
  const pixel = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";
  const pictures: FacePictures[] = [{ input: 0, face: 1, from: 3.5, onset: pixel, apex: pixel }];
  const shown = predictionPage(report, pictures);
  assertEquals(shown.match(/<img/g)?.length, 3);
  assert(shown.includes("3.90 s, positive"));
});

Deno.test({
  name:
    `the page of predictions in Chromium: no message, no request, nothing too wide, everything named${skipped}`,
  ignore: executablePath === undefined,
  // The browser's pipes are closed when it is; playwright keeps listeners on the process.
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    const file = `${await Deno.makeTempDir()}/page.html`;
    await Deno.writeTextFile(file, predictionPage(report));
    await withBrowser((browser) => assertGoodPage(browser, file));
  },
});
