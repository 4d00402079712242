import type { Answer, Pictures, Ready, Seen } from "./messages.ts";

/** What the page knows. */
export interface State {
  /** The model, once it is loaded. */
  readonly ready: Ready | undefined;
  /** What is being done, if anything. */
  readonly doing: { readonly text: string; readonly part: number | undefined } | undefined;
  /** What went wrong, one sentence. */
  readonly problem: string | undefined;
  /** Whether nothing works any more. */
  readonly broken: boolean;
  /** All windows of all faces so far. */
  readonly seen: readonly Seen[];
  /** What was found, once all frames were read. */
  readonly done: Extract<Answer, { kind: "done" }> | undefined;
  /** The chosen window, its index. */
  readonly chosen: number | undefined;
  readonly pictures: Pictures | undefined;
}

/** Before the worker has said anything. */
export const initial: State = {
  ready: undefined,
  doing: { text: "Starting", part: undefined },
  problem: undefined,
  broken: false,
  seen: [],
  done: undefined,
  chosen: undefined,
  pictures: undefined,
};

/** What happens: an answer of the worker, or something that the user did. */
export type Event =
  | Answer
  | { readonly kind: "look" }
  | { readonly kind: "choose"; readonly index: number }
  | { readonly kind: "refuse"; readonly text: string }
  | { readonly kind: "stopped" };

/** The next state. */
export function next(state: State, event: Event): State {
  switch (event.kind) {
    case "ready":
      return { ...state, ready: event.ready, doing: undefined };
    case "progress":
      return { ...state, doing: { text: event.text, part: event.part } };
    case "look":
      return { ...initial, ready: state.ready, doing: { text: "Opening", part: undefined } };
    case "seen":
      return { ...state, seen: [...state.seen, event.seen], chosen: state.chosen ?? event.seen.index };
    case "done": {
      const isPeak = ({ face, window }: Seen) =>
        event.peaks.some((peak) => peak.face === face && peak.from === window.from.frame);
      const seen = state.seen.map((one) => ({ ...one, window: { ...one.window, peak: isPeak(one) } }));
      return { ...state, seen, done: event, doing: undefined, chosen: strongest(seen)?.index };
    }
    case "choose":
      return { ...state, chosen: event.index };
    case "pictures":
      return { ...state, pictures: event.pictures };
    case "refuse":
      return { ...state, problem: event.text };
    case "stopped":
      return { ...state, doing: undefined };
    case "problem":
      return { ...state, problem: event.text, broken: state.broken || event.fatal, doing: undefined };
  }
}

/** The window with most movement that comes and goes, of those that stand out if any do. */
function strongest(seen: readonly Seen[]): Seen | undefined {
  const peaks = seen.filter(({ window }) => window.peak), among = peaks.length > 0 ? peaks : seen;
  return among.reduce<Seen | undefined>(
    (best, one) => best === undefined || one.window.brief > best.window.brief ? one : best,
    undefined,
  );
}
