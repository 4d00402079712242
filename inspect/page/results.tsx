import type { JSX } from "preact";
import { Answer } from "./answer.tsx";
import type { Ready } from "./messages.ts";
import { Pictures } from "./pictures.tsx";
import type { State } from "./state.ts";
import { Timeline } from "./timeline.tsx";

/** The properties of {@linkcode Results}. */
export interface ResultsProps {
  readonly ready: Ready;
  readonly state: State;
  readonly onChoose: (index: number) => void;
}

/** What was found: the chosen face and window, all windows over time, and the pictures of the chosen one. */
export function Results({ ready, state, onChoose }: ResultsProps): JSX.Element | null {
  const { seen, chosen, pictures } = state, one = seen.find(({ index }) => index === chosen);
  if (one === undefined) return null;
  const faces = [...new Set(seen.map(({ face }) => face))].sort((a, b) => a - b);
  const own = seen.filter(({ face }) => face === one.face);
  const nearest = (face: number) =>
    seen.filter((other) => other.face === face).reduce((best, other) =>
      Math.abs(other.window.from.time - one.window.from.time) <
          Math.abs(best.window.from.time - one.window.from.time)
        ? other
        : best
    );
  return (
    <section aria-labelledby="answer">
      <h2 id="answer">Answer</h2>
      {faces.length > 1 && (
        <fieldset class="choice">
          <legend class="small soft">
            {faces.length} faces, numbered from left to right as they come into sight. Which one?
          </legend>
          {faces.map((face) => (
            <label key={face}>
              <input
                type="radio"
                name="face"
                checked={face === one.face}
                onChange={() => onChoose(nearest(face).index)}
              />
              Face {face}
            </label>
          ))}
        </fieldset>
      )}
      <Answer classes={ready.classes} one={one} single={own.length === 1} />
      <Timeline classes={ready.classes} windows={own} one={one} onChoose={onChoose} />
      <Pictures one={one} pictures={pictures?.index === one.index ? pictures : undefined} />
    </section>
  );
}
