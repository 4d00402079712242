// The page's worker: the model, the face networks and all computing, so that the page stays alive.
import type { FaceFinder } from "../../data/faces/types.ts";
import { predictFrames } from "../../predict/predict_frames.ts";
import { UserError } from "../../types.ts";
import { loadFaceFinder } from "./face_networks.ts";
import { openInput } from "./frames_of.ts";
import { Gallery } from "./gallery.ts";
import type { Answer, ClipInput, Question } from "./messages.ts";
import { openModel, type PageModel } from "./open_model.ts";
import { Unusable } from "./pixels.ts";

/** From the beginning of a window to the next one's, seconds. */
const step = 0.5;

const tell = (answer: Answer) => postMessage(answer);

let model: PageModel | undefined, finder: FaceFinder | undefined;
let gallery: Gallery | undefined;
let stop = new AbortController();
/** Questions are answered one after the other. */
let last: Promise<void> = Promise.resolve();

addEventListener("message", ({ data }: MessageEvent<Question>) => {
  if (data.kind === "stop" || data.kind === "look") stop.abort();
  if (data.kind === "look") stop = new AbortController();
  const { signal } = stop;
  last = last.then(() => answer(data, signal)).catch((error: Error) => {
    const known = error instanceof Unusable || error instanceof UserError;
    if (!known) console.error(error);
    tell({
      kind: "problem",
      text: known
        ? error.message
        : `The page failed: ${error.message}. Load it again; if that does not help, report it.`,
      fatal: data.kind === "start",
    });
  });
});
// face-api's promises do not hand on what fails within: without this a look would wait for ever.
addEventListener("unhandledrejection", ({ reason }) => {
  tell({
    kind: "problem",
    text: `The page failed: ${(reason as Error)?.message ?? reason}. Load it again.`,
    fatal: true,
  });
});

async function answer(question: Question, signal: AbortSignal): Promise<void> {
  switch (question.kind) {
    case "start":
      return await start(question.base);
    case "look":
      return await look(question.input, signal);
    case "show": {
      const pictures = await gallery?.pictures(question.index);
      if (pictures !== undefined) tell({ kind: "pictures", pictures });
    }
  }
}

async function start(base: string): Promise<void> {
  tell({ kind: "progress", text: "Loading the model", part: undefined });
  model = await openModel(base);
  if (model.description.preparation.align.kind === "face") {
    tell({ kind: "progress", text: "Loading the face networks", part: undefined });
    finder = await loadFaceFinder(base);
  }
  tell({ kind: "ready", ready: model.ready });
}

async function look(input: ClipInput, signal: AbortSignal): Promise<void> {
  if (model === undefined || signal.aborted) return;
  const begun = performance.now();
  tell({ kind: "progress", text: "Opening", part: undefined });
  const { name, count, frames } = await openInput(input);
  const own = gallery = new Gallery(model, step);
  let index = 0, done = 0, told = 0;
  const { faces, ...result } = await predictFrames(own.watch(frames(signal)), model, {
    ...(finder === undefined ? {} : { finder }),
    step,
    signal,
    onFrame: () => {
      done++;
      const now = performance.now();
      if (now - told < 100) return;
      told = now;
      tell({ kind: "progress", text: `Frame ${done} of ${count}`, part: done / count });
    },
    onWindow: async (seen) => {
      await own.keep(index, seen);
      tell({ kind: "seen", seen: { index: index++, face: seen.face, window: seen.window } });
    },
  });
  if (signal.aborted) return;
  const peaks = faces.flatMap(({ face, windows }) =>
    windows.filter(({ peak }) => peak).map(({ from }) => ({ face, from: from.frame }))
  );
  tell({ kind: "done", input: name, result, peaks, ms: performance.now() - begun });
}
