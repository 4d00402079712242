// What `m2m predict` prints and writes, and how it ends; the run is of a second, its databases were not prepared: no face is looked for.
import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { readDatabase } from "../../data/mod.ts";
import type { DatabaseName } from "../../types.ts";
import type { FilePrediction } from "../../predict/mod.ts";
import { loadModel } from "../../predict/mod.ts";
import type { PredictionReport } from "../../predict/report/mod.ts";
import { testEngine, testFolder } from "../pipeline/_tiny.ts";
import { clipOf, keptRun, planOf, startTestEngine } from "../predict/_models.ts";
import { m2m } from "./_m2m.ts";

const engine = testEngine() === "auto" ? [] : ["--engine", testEngine()];

/** A clip of the run as the files that it was read from, beside each other in a folder, and how it is marked. */
async function clipFolder(run: string, index: number): Promise<{ folder: string; marks: string[] }> {
  const { data, micro } = await planOf(run), { database, subject, clip } = micro[index]!;
  const { samples } = await readDatabase(database as DatabaseName, `${data}/${database}`);
  const { source, onset, apex, offset, fps } = samples.find((one) =>
    one.subject === subject && one.clip === clip
  )!;
  if (source.kind !== "images") throw new Error("the tests' clips are images");
  const folder = `${testFolder()}/clip${index}`;
  await Deno.mkdir(folder, { recursive: true });
  for (const [k, file] of source.files.entries()) {
    await Deno.copyFile(file, `${folder}/img${k}${file.slice(file.lastIndexOf("."))}`);
  }
  const marks = ["--fps", `${fps}`, "--onset", `${onset}`, "--apex", `${apex}`, "--offset", `${offset}`];
  return { folder, marks };
}

Deno.test("m2m predict of a clip's frames is what the library says of the clip that the run read", async () => {
  const run = await keptRun();
  const { folder, marks } = await clipFolder(run, 1);
  const { code, out, err } = await m2m(
    "predict",
    folder,
    "--model",
    run,
    ...marks,
    ...engine,
    "--json",
    "--quiet",
  );
  assertEquals([code, err], [0, ""]);
  const { model, inputs: [input] } = JSON.parse(out) as PredictionReport;
  assertEquals([model.evaluated, model.classes.length], [true, 3]);
  const [window, ...others] = (input as FilePrediction).faces[0]!.windows;
  assertEquals([others, window!.spotted, window!.place], [[], [], null]);
  await startTestEngine();
  const loaded = await loadModel(run);
  const { probabilities } = loaded.predict(clipOf(await planOf(run), 1));
  loaded.dispose();
  assertEquals(window!.probabilities.length, 3);
  // The clip was decoded and shrunk by sharp, here by code that a browser has too: a level apart in places.
  for (const [k, p] of window!.probabilities.entries()) assertAlmostEquals(p, probabilities[k]!, 0.01);
});

Deno.test("m2m predict: text, CSV, the page, one fold by its name; inputs that fail do not stop the others", async () => {
  const run = await keptRun();
  const { folder, marks: [, fps] } = await clipFolder(run, 0);
  const member = (await planOf(run)).folds[0]!.name, page = `${testFolder()}/page.html`;
  const base = ["--model", run, "--fps", fps!, ...engine, "--quiet"];
  const text = await m2m(
    "predict",
    folder,
    `${testFolder()}/none.mp4`,
    ...base,
    "--fold",
    member,
    "--page",
    page,
  );
  assertEquals(text.code, 1);
  assertStringIncludes(text.out, `Model kept, fold ${member}.`);
  assertStringIncludes(text.out, "expression  negative  positive  surprise");
  assertStringIncludes(text.err, "none.mp4: there is no such file or folder");
  const html = await Deno.readTextFile(page);
  assertStringIncludes(html, "The whole frame");
  assert(!html.includes("<img"));
  const csv = await m2m("predict", folder, ...base, "--csv");
  assertEquals(csv.code, 0);
  assertEquals(csv.out.trimEnd().split("\n").length, 2);
  assertStringIncludes(csv.out, "p_negative,p_positive,p_surprise,evaluated");
  await m2m("predict", folder, ...base, "--page", page, "--faces");
  assertEquals((await Deno.readTextFile(page)).match(/<img/g)?.length, 3);
});

Deno.test("m2m predict: wrong use and what is no model, in one sentence", async () => {
  const run = await keptRun(), folder = (await clipFolder(run, 0)).folder, base = testFolder();
  await Deno.mkdir(`${base}/bare`, { recursive: true });
  for (
    const [args, code, message] of [
      [["--model", run], 2, "takes videos or folders of images"],
      [[folder], 2, "needs --model"],
      [[folder, "--modle", run], 2, "did you mean --model?"],
      [[folder, "--model", run], 2, "give their frames a second with --fps"],
      [[folder, "--model", run, "--fps", "0"], 2, "--fps must be a positive number"],
      [
        [folder, "--model", run, "--fps", "100", "--window", "1", "--step", "2"],
        2,
        "--step must not be over --window",
      ],
      [
        [folder, "--model", run, "--fps", "100", "--apex", "soon"],
        2,
        "takes a frame's number (12) or seconds (0.4s)",
      ],
      [[folder, folder, "--model", run, "--fps", "100", "--apex", "3"], 2, "--apex goes with one input"],
      [[folder, "--model", run, "--fps", "100", "--faces"], 2, "--faces goes with --page"],
      [[folder, "--model", run, "--fps", "100", "--json", "--csv"], 2, "exclude each other"],
      [["-", "-", "--model", run], 2, "standard input can be read once"],
      [[folder, "--model", run, "--fps", "100", "--engine", "wasn"], 2, "did you mean wasm?"],
      [[folder, "--model", `${base}/none`, "--fps", "100"], 1, "there is no folder"],
      [[folder, "--model", `${base}/bare`, "--fps", "100"], 1, `${base}/bare`],
      [[folder, "--model", run, "--fps", "100", "--fold", "casme2/nobody"], 2, "casme2/nobody"],
      [[folder, "--model", run, "--fps", "100", "--onset", "5000"], 1, "onset 5000 is not there"],
      [[`${base}/bare`, "--model", run, "--fps", "100"], 1, "holds no JPEG, PNG or BMP image"],
    ] as const
  ) {
    const result = await m2m("predict", ...args, "--quiet");
    assertStringIncludes(result.err, message, args.join(" "));
    assertEquals(result.err.trimEnd().split("\n").length, 1, result.err);
    assertEquals(result.code, code, args.join(" "));
  }
});
