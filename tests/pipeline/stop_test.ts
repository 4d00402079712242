// Ctrl-C, a second run in the same folder, a job that fails once.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { runTree, startRun, workersOf } from "../../bench/pipeline/_run_command.ts";
import { testFolder, tinyPipeline } from "./_tiny.ts";

const stages = {
  macro: { steps: 2, batch: 2 },
  micro: { steps: 2, batch: 2, learningRate: 0.01 },
  // Long enough that a fold cannot end between what it says of a step and the signal.
  guided: { steps: 240, batch: 2, learningRate: 0.01 },
};
const file = `${testFolder()}/stop.yaml`;
await Deno.writeTextFile(file, JSON.stringify(tinyPipeline({ stages }))); // JSON is YAML
const places = { data: `${testFolder()}/data`, cache: `${testFolder()}/cache` };

type Event = Record<string, unknown> & { event: string };

/** A run whose events are heard one by one; `onEvent` may do something to it. */
async function run(
  out: string,
  onEvent: (event: Event, pid: number) => void | Promise<void> = () => {},
): Promise<{ code: number; events: Event[]; rest: string }> {
  const child = startRun(file, { ...places, out, more: ["--progress", "json"] });
  const events: Event[] = [];
  let rest = "", text = "";
  for await (const piece of child.stderr.pipeThrough(new TextDecoderStream())) {
    const lines = (text + piece).split("\n");
    text = lines.pop() ?? "";
    for (const line of lines) {
      if (!line.startsWith("{")) {
        rest += `${line}\n`;
        continue;
      }
      const event = JSON.parse(line);
      events.push(event);
      await onEvent(event, child.pid);
    }
  }
  await child.stdout.cancel();
  return { code: (await child.status).code, events, rest };
}

let whole: Promise<Record<string, string>> | undefined;
/** The files of a run that nothing happened to. */
function reference(): Promise<Record<string, string>> {
  whole ??= run(`${testFolder()}/whole`).then(async ({ code, rest }) => {
    assertEquals(code, 0, rest);
    return await runTree(`${testFolder()}/whole`);
  });
  return whole;
}

Deno.test({
  name: "Ctrl-C keeps every job's last step, says how to go on, and what goes on ends in the same bytes",
  ignore: Deno.build.os !== "linux", // processes are found in /proc
  async fn() {
    const expected = await reference(), out = `${testFolder()}/stopped run`;
    let sent = false;
    const stopped = await run(out, ({ event, stage, step }, pid) => {
      if (sent || event !== "step" || stage !== "guided" || step as number < 2) return;
      sent = true;
      for (const each of [pid, ...workersOf(out)]) Deno.kill(each, "SIGINT"); // as a terminal does
    });
    assertEquals(stopped.code, 1, stopped.rest);
    assertMatch(
      stopped.rest,
      /^Stopped\. What is done is kept in .*stopped run, to the last step; go on with: m2m run .*stop\.yaml.* --out '.*stopped run' .*--resume .*\n$/,
    );
    assertEquals(workersOf(out), []);
    assert(stopped.events.some(({ event }) => event === "stopping"));
    const again = await run(out);
    assertEquals(again.code, 0, again.rest);
    const resumed = again.events.filter(({ event }) => event === "resume");
    // One was in its guided stage; another may have begun later.
    assert(resumed.some(({ done }) => done as number > 2), JSON.stringify(resumed));
    assert(resumed.every(({ done }) => done as number > 0), JSON.stringify(resumed));
    assertEquals(await runTree(out), expected);
  },
});

Deno.test({
  name: "while a run is at work a second one is refused in its folder; a job that is killed is tried again",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const expected = await reference(), out = `${testFolder()}/shared`;
    let second: Awaited<ReturnType<typeof run>> | undefined, killed = false;
    const first = await run(out, async ({ event, job, stage }) => {
      if (event !== "step") return;
      if (stage === "guided" && !second) second = await run(out);
      if (stage !== "guided" || killed || job === undefined) return;
      killed = true;
      const [worker] = workersOf(out);
      if (worker !== undefined) Deno.kill(worker, "SIGKILL");
    });
    assertEquals(first.code, 0, first.rest);
    assertEquals(second?.code, 1);
    assertMatch(
      second!.rest,
      /^Cannot run in .*shared: another run is at work there \(process \d+ on .*\); wait for its end, or choose another folder with --out\.\n$/,
    );
    const failed = first.events.filter(({ event }) => event === "failed");
    assertEquals(failed.map(({ again }) => again), [true]);
    assertMatch(failed[0]!.why as string, /the process ended by SIGKILL/);
    assertEquals(await runTree(out), expected);
  },
});
