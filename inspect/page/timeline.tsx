import type { JSX } from "preact";
import type { Seen } from "./messages.ts";
import { percent, stretch } from "./words.ts";

/** The properties of {@linkcode Timeline}. */
export interface TimelineProps {
  readonly classes: readonly string[];
  /** Windows of one face, in time order. */
  readonly windows: readonly Seen[];
  readonly one: Seen;
  readonly onChoose: (index: number) => void;
}

/** Probabilities and movement over time, of a face that was seen in several windows. */
export function Timeline({ classes, windows, one, onChoose }: TimelineProps): JSX.Element | null {
  if (windows.length < 2) return null;
  const start = windows[0]!.window.from.time, end = Math.max(...windows.map(({ window }) => window.to.time));
  const x = (time: number) => 100 * (time - start) / (end - start || 1);
  const middle = ({ window }: Seen) => x((window.from.time + window.to.time) / 2);
  const most = Math.max(...windows.map(({ window }) => window.motion), 1e-9);
  const line = (value: (seen: Seen) => number) =>
    windows.map((seen) => `${middle(seen).toFixed(2)},${(100 * (1 - value(seen))).toFixed(2)}`).join(" ");
  const place = windows.indexOf(one);
  return (
    <div class="panel timeline">
      <h3>Over time</h3>
      <ul class="key">
        {classes.map((name, i) => (
          <li key={name}>
            <i class={`l${i % 8}`} />
            {name}
          </li>
        ))}
        <li>
          <i class="motion" />movement (greatest {most.toFixed(2)} grey levels)
        </li>
      </ul>
      <svg
        role="img"
        aria-label={`Probabilities of ${classes.join(", ")} in ${windows.length} windows from ${
          start.toFixed(2)
        } to ${end.toFixed(2)} s; the numbers are in the table below.`}
        viewBox="0 0 100 100"
        preserveAspectRatio="none"
      >
        <rect
          class="chosen"
          x={x(one.window.from.time)}
          width={Math.max(0.4, x(one.window.to.time) - x(one.window.from.time))}
          height={100}
        />
        {[0, 50, 100].map((y) => <line key={y} class="grid" x1={0} x2={100} y1={y} y2={y} />)}
        {windows.filter(({ window }) => window.peak).map((seen) => (
          <line
            key={seen.index}
            class="peak"
            x1={x(seen.window.apex.time)}
            x2={x(seen.window.apex.time)}
            y1={0}
            y2={100}
          />
        ))}
        <polyline class="curve motion" points={line(({ window }) => window.motion / most)} />
        {classes.map((name, i) => (
          <polyline
            key={name}
            class={`curve l${i % 8}`}
            points={line(({ window }) => window.probabilities[i] ?? 0)}
          />
        ))}
        <line class="apex" x1={x(one.window.apex.time)} x2={x(one.window.apex.time)} y1={0} y2={100} />
      </svg>
      <div class="ticks small soft">
        <span>{start.toFixed(2)} s</span>
        <span>{end.toFixed(2)} s</span>
      </div>
      <label class="field small">
        Window {place + 1} of {windows.length}
        <input
          id="window"
          type="range"
          min={0}
          max={windows.length - 1}
          value={place}
          aria-valuetext={`${stretch(one)}: ${one.window.label}`}
          onInput={({ currentTarget }) => onChoose(windows[currentTarget.valueAsNumber]!.index)}
        />
      </label>
      <p class="small soft">
        The shade is the chosen window, the line in it its apex; dashed lines are apices of windows whose
        movement stands out from their neighbours'. Standing out is no proof of an expression.
      </p>
      <details>
        <summary>As a table</summary>
        <div class="scroll" tabIndex={0} role="region" aria-label="Windows">
          <table class="dense">
            <caption>Windows of face {one.face}</caption>
            <thead>
              <tr>
                <th scope="col">Window</th>
                <th scope="col">Class</th>
                {classes.map((name) => <th key={name} scope="col" class="n">{name}</th>)}
                <th scope="col" class="n">Movement</th>
              </tr>
            </thead>
            <tbody>
              {windows.map((seen) => (
                <tr key={seen.index}>
                  <th scope="row">{stretch(seen)}</th>
                  <td>{seen.window.label}{seen.window.peak ? " (stands out)" : ""}</td>
                  {classes.map((name, i) => (
                    <td key={name} class="n">{percent(seen.window.probabilities[i] ?? 0)}</td>
                  ))}
                  <td class="n">{seen.window.motion.toFixed(2)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </div>
  );
}
