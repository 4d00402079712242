import type { Answer, Question } from "./messages.ts";

/** The line to the worker. */
export interface Line {
  ask(question: Question, transfer?: Transferable[]): void;
  hear(listener: (answer: Answer) => void): void;
}

/**
 * Starts the worker from a blob: such a worker is bound by the page's own content security policy, where one that is loaded by its address is bound by
 * whatever headers a static host sends with it.
 */
export async function startWorker(base: string): Promise<Line> {
  const response = await fetch(`${base}worker.js`);
  if (!response.ok) throw new Error(`worker.js is missing in the page's folder (${response.status})`);
  const url = URL.createObjectURL(new Blob([await response.text()], { type: "text/javascript" }));
  const worker = new Worker(url, { type: "module" });
  worker.postMessage({ kind: "start", base } satisfies Question);
  return {
    ask: (question, transfer = []) => worker.postMessage(question, transfer),
    hear: (listener) => {
      worker.onmessage = ({ data }: MessageEvent<Answer>) => listener(data);
      worker.onerror = ({ message }) =>
        listener({
          kind: "problem",
          text: `The page's worker failed: ${message}. Load the page again.`,
          fatal: true,
        });
    },
  };
}
