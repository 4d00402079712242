// A process that prepares clips: the first line of standard input is the assignment, each other line a task; answers each with a
// line of JSON on standard output.
import { UserError } from "../../types.ts";
import { limitSharp } from "../_sharp.ts";
import { Store } from "./_store.ts";
import type { Assignment } from "./_settings.ts";
import type { Report, Task } from "./_task.ts";
import { ClipWork } from "./_work.ts";
import { CannotWrite } from "./_write.ts";

limitSharp(1); // the processes share the machine by clips, not by parts of pictures

let work: ClipWork | undefined;
const tasks: Task[] = [];
let wake = () => {};

(async () => {
  let rest = "";
  for await (const chunk of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const message = JSON.parse(line) as Assignment | Task;
      if ("settings" in message) {
        // Always the same engine, so that the same faces are found wherever another one is installed.
        // Loaded when the first face is looked for: a run without faces starts sooner and takes less memory.
        const engine = async () => {
          const { startEngine } = await import("../../engine/mod.ts");
          await startEngine("wasm", { say: () => {} });
        };
        work = new ClipWork(message.settings, new Store(message.cache), message.out, engine);
      } else tasks.push(message);
    }
    wake();
  }
  Deno.exit(0); // the parent has no more tasks, or has died
})();

for (;;) {
  const task = tasks.shift();
  if (task === undefined || work === undefined) {
    await new Promise<void>((resolve) => wake = resolve);
    continue;
  }
  const report = await work.do(task).then<Report, Report>(
    ({ made, notes }) => ({ type: "done", made, notes }),
    (error) =>
      error instanceof UserError && !(error instanceof CannotWrite)
        ? { type: "left out", message: error.message }
        : {
          type: "broken",
          mistake: error instanceof UserError,
          message: error instanceof UserError ? error.message : error.stack ?? String(error),
        },
  );
  Deno.stdout.writeSync(new TextEncoder().encode(`${JSON.stringify(report)}\n`));
}
