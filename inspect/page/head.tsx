import type { JSX } from "preact";
import type { Ready } from "./messages.ts";

/** The top of the page: what it is, which model it holds, and whether its answers are worth anything. */
export function Head({ ready }: { ready: Ready | undefined }): JSX.Element {
  return (
    <header>
      <div class="top">
        <p class="soft">Macro2Micro · inspector</p>
        <fieldset class="theme">
          <legend class="hidden">Colours</legend>
          {["System", "Light", "Dark"].map((name, i) => (
            <label key={name}>
              <input type="radio" name="theme" id={`theme-${name.toLowerCase()}`} defaultChecked={i === 0} />
              {name}
            </label>
          ))}
        </fieldset>
      </div>
      <h1>{ready?.name ?? "Micro-expressions"}</h1>
      <p class="soft">
        {ready === undefined
          ? "The model is being loaded."
          : `${ready.reads} It tells ${list(ready.classes)}. ${
            networks(ready.networks)
          } in this page: ${ready.engine}.`}
      </p>
      {ready !== undefined && (ready.evaluated
        ? <p class="small soft">{ready.note}</p>
        : <p class="note">This model was not evaluated. {ready.note}</p>)}
    </header>
  );
}

function list(words: readonly string[]): string {
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

function networks(count: number): string {
  return count === 1 ? "One network runs" : `${count} networks run and are averaged`;
}
