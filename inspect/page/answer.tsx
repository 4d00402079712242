import type { JSX } from "preact";
import type { Seen } from "./messages.ts";
import { percent, stretch } from "./words.ts";

/** What the model says of one face in one window. */
export function Answer(
  { classes, one, single }: { classes: readonly string[]; one: Seen; single: boolean },
): JSX.Element {
  const { window } = one;
  return (
    <div class="panel answer">
      <p class="label">
        <b>{window.label}</b>{" "}
        <span class="soft">
          face {one.face}, {stretch(one)}
          {!single && window.peak ? ", stands out" : ""}
        </span>
      </p>
      <table>
        <caption>Probabilities. They are the network's own and not calibrated.</caption>
        <thead>
          <tr>
            <th scope="col">Class</th>
            <th scope="col" class="bar">
              <span class="hidden">As a bar</span>
            </th>
            <th scope="col" class="n">Probability</th>
          </tr>
        </thead>
        <tbody>
          {classes.map((name, i) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td class="bar">
                <i class={`l${i % 8}`} style={{ width: `${100 * (window.probabilities[i] ?? 0)}%` }} />
              </td>
              <td class="n">
                <data value={window.probabilities[i] ?? 0}>{percent(window.probabilities[i] ?? 0)}</data>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="small soft">{spotting(one)}</p>
    </div>
  );
}

function spotting({ window: { onset, apex, offset, spotted, motion } }: Seen): string {
  const at = (name: string, { frame, time }: typeof apex, known: boolean) =>
    `${name} at frame ${frame} (${time.toFixed(3)} s${known ? ", spotted" : ""})`;
  return `Clip: ${
    [
      at("onset", onset, spotted.includes("onset")),
      at("apex", apex, spotted.includes("apex")),
      at("offset", offset, spotted.includes("offset")),
    ].join(", ")
  }. Movement at the apex, without that of the head: ${motion.toFixed(2)} grey levels.`;
}
