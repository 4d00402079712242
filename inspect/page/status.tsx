import type { JSX } from "preact";
import { answerOf } from "./words.ts";
import type { State } from "./state.ts";

/** What is being done, what was done, what went wrong; screen readers hear of each. */
export function Status({ state, onStop }: { state: State; onStop: () => void }): JSX.Element {
  const { doing, done, problem, ready, seen } = state;
  return (
    <div class="status">
      <p role="status" class="hidden">{spoken(state)}</p>
      {doing !== undefined && (
        <div class="doing">
          <progress
            aria-label="Progress"
            max={1}
            {...(doing.part === undefined ? {} : { value: doing.part })}
          />
          <span class="small soft">{doing.text}</span>
          {ready !== undefined && <button type="button" onClick={onStop}>Stop</button>}
        </div>
      )}
      {problem !== undefined && <p role="alert" class="note">{problem}</p>}
      {done !== undefined && (
        <>
          <p class="small soft">{facts(done)}</p>
          {done.result.notes.map((note) => <p key={note} class="note">{capital(note)}.</p>)}
          {seen.length === 0 && <p class="note">Nothing was predicted. {advice(done.result.notes)}</p>}
        </>
      )}
    </div>
  );
}

/** Progress is told by the bar; here are only beginnings and ends, so that nobody is talked at. */
function spoken({ doing, done, ready, seen }: State): string {
  if (ready === undefined) return "The model is being loaded.";
  if (doing !== undefined) return "The clip is being looked at.";
  if (done === undefined) return "Ready for a clip.";
  const faces = new Set(seen.map(({ face }) => face)).size;
  return `Done. ${faces === 1 ? "One face" : `${faces} faces`}. ${
    seen.length > 0 ? answerOf(seen) : "Nothing was predicted."
  }`;
}

function facts({ input, result, ms }: NonNullable<State["done"]>): string {
  const [least, most] = result.spacing.map((seconds) => (1000 * seconds).toFixed(1));
  const apart = least === most ? `${least} ms apart` : `${least} to ${most} ms apart`;
  return `${input}; ${result.width} x ${result.height} pixels, ${result.frames} frames over ${
    result.seconds.toFixed(2)
  } s, ${apart}. Answered in ${(ms / 1000).toFixed(1)} s.`;
}

function advice(notes: readonly string[]): string {
  if (notes.some((note) => note.includes("dark"))) return "Give the face more light.";
  if (notes.some((note) => note.includes("no face"))) {
    return "The face should look at the camera, be lit, and be at least 60 pixels wide.";
  }
  return "";
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
