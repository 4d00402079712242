import { frame, withoutColour } from "./_frame.ts";
import { toStderr } from "./_stderr.ts";
import { duration } from "./duration.ts";
import type { RunProgress } from "./run_progress.ts";
import { WorkState } from "./work_state.ts";

/** Between two frames, milliseconds. */
const pause = 100;

/**
 * A view that is drawn over itself at the foot of the terminal; what is over goes by above it. A frame is written at once, line over line, so that
 * nothing flickers. After a change of the terminal's width the old frame is taken to have been wrapped anew, as most terminals do.
 */
export function liveProgress(): RunProgress {
  let state: WorkState | undefined;
  let stopping = false;
  let shown: number[] = []; // lengths of the lines that stand there
  let shownColumns = 0;
  let last = -Infinity;
  const colour = !Deno.env.get("NO_COLOR");
  const paint = (text: string, code: number) => colour ? `\x1b[${code}m${text}\x1b[0m` : text;

  /** Back to where the frame began. */
  const home = (columns: number) => {
    const rows = columns < shownColumns
      ? shown.reduce((sum, length) => sum + Math.max(1, Math.ceil(length / columns)), 0)
      : shown.length;
    return rows > 0 ? `\x1b[${rows}A\r` : "\r";
  };
  /** A line above, or none, and the frame. */
  const draw = (above = "") => {
    const { columns, rows } = size();
    const lines = state ? frame(state, { columns, rows, colour, stopping }) : [];
    const text = [...(above ? [above] : []), ...lines].map((line) => `${line}\x1b[K\n`).join("");
    toStderr(`\x1b[?2026h${home(columns)}${columns < shownColumns ? "\x1b[J" : ""}${text}\x1b[J\x1b[?2026l`);
    shown = lines.map((line) => withoutColour(line).length);
    shownColumns = columns;
    last = performance.now();
  };
  const soon = () => {
    if (performance.now() - last >= pause) draw();
  };
  const resized = () => draw();
  let timer: ReturnType<typeof setInterval> | undefined;
  const of = (): WorkState => state as WorkState;

  return {
    line: (text) => draw(text),
    begin(items, done) {
      state = new WorkState(items, done);
      draw(done > 0 ? `${done} of ${state.counts.all} jobs are done already` : "");
      timer = setInterval(soon, 1000); // the time left goes on between steps
      Deno.unrefTimer(timer as unknown as number);
      if (Deno.build.os !== "windows") Deno.addSignalListener("SIGWINCH", resized);
    },
    start(key) {
      of().start(key);
      draw();
    },
    skip(key, steps) {
      if (!of().skip(key, steps)) return draw();
      draw(`${of().name(key)} goes on from step ${steps} of ${of().steps(key)}`);
    },
    step(key, done, at) {
      of().step(key, done, at);
      soon();
    },
    finish(key, seconds) {
      const own = of().end(key, "done");
      draw(`${of().name(key)} ${paint("done", 32)} in ${duration(seconds ?? own)}`);
    },
    wait(key) {
      of().wait(key);
      draw();
    },
    fail(key, why, again) {
      if (!again) of().end(key, "failed");
      draw(`${of().name(key)} ${paint(again ? "failed and is tried again" : "failed", 31)}: ${why}`);
    },
    stopping() {
      stopping = true;
      draw();
    },
    end() {
      if (!state) return;
      clearInterval(timer);
      if (Deno.build.os !== "windows") Deno.removeSignalListener("SIGWINCH", resized);
      state = undefined;
      draw(); // nothing over the last frame
    },
  };
}

function size(): { columns: number; rows: number } {
  try {
    return Deno.consoleSize();
  } catch {
    return { columns: 80, rows: 24 };
  }
}
