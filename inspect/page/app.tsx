import type { JSX } from "preact";
import { useEffect, useReducer, useRef } from "preact/hooks";
import { Camera } from "./camera.tsx";
import { ClipPicker } from "./clip_picker.tsx";
import { Head } from "./head.tsx";
import type { ClipInput } from "./messages.ts";
import { Results } from "./results.tsx";
import type { Line } from "./start_worker.ts";
import { initial, next } from "./state.ts";
import { Status } from "./status.tsx";

/** The whole page. */
export function App({ connect }: { connect: () => Promise<Line> }): JSX.Element {
  const [state, tell] = useReducer(next, initial);
  const line = useRef<Line | undefined>(undefined);
  useEffect(() => {
    connect().then((opened) => {
      line.current = opened;
      opened.hear(tell);
    }).catch(({ message }: Error) =>
      tell({ kind: "problem", text: `The page cannot start: ${message}.`, fatal: true })
    );
  }, []);
  const { ready, chosen, broken } = state;
  useEffect(() => {
    if (chosen !== undefined) line.current?.ask({ kind: "show", index: chosen });
  }, [chosen]);
  const look = (input: ClipInput) => {
    tell({ kind: "look" });
    // Camera frames are copied, so that another look at them is possible.
    line.current?.ask({ kind: "look", input });
  };
  const able = ready !== undefined && !broken;
  return (
    <>
      <Head ready={ready} />
      <main>
        <section aria-labelledby="clip">
          <h2 id="clip">Clip</h2>
          <div class="inputs">
            <ClipPicker able={able} onClip={look} onProblem={(text) => tell({ kind: "refuse", text })} />
            <Camera able={able} onClip={look} onProblem={(text) => tell({ kind: "refuse", text })} />
          </div>
          <Status
            state={state}
            onStop={() => {
              line.current?.ask({ kind: "stop" });
              tell({ kind: "stopped" });
            }}
          />
        </section>
        {ready !== undefined && (
          <Results
            ready={ready}
            state={state}
            onChoose={(index) => tell({ kind: "choose", index })}
          />
        )}
      </main>
      <footer>
        <p>
          The pictures are of people. They stay in this page: it loads nothing but its own files and sends
          nothing, which its content security policy makes the browser enforce. Before you show or keep a
          clip, a crop or a picture of saliency, look at its licence and ask whoever is in it.
        </p>
        <p>
          A recogniser of expressions says what a face does, not what a person feels: it is no instrument for
          decisions about people.
        </p>
      </footer>
    </>
  );
}
