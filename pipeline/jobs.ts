import { UserError } from "../types.ts";
import type { Standing } from "./standing.ts";

/** A piece of a run that one process does: MaNet, or a fold. */
export type Job =
  | { readonly kind: "macro"; readonly seed: number }
  | { readonly kind: "fold"; readonly seed: number; readonly fold: number };

/** What a worker process says, one JSON object a line. */
export type Message =
  | { readonly type: "step"; readonly done: number; readonly at: Standing }
  | { readonly type: "error"; readonly message: string; readonly mistake: boolean }
  | { readonly type: "done" };

/**
 * Does a job in a process of its own: memory is given back whole, and a crash of an engine ends that fold alone.
 * The child's standard input is a pipe that closes when this process dies; the child then ends too.
 *
 * @throws {UserError} If the job says so; an Error if the process ends without a word.
 */
export async function runJob(
  run: string,
  job: Job,
  threads: number,
  signal: AbortSignal,
  onMessage: (message: Message & { type: "step" }) => void,
): Promise<void> {
  const config = Deno.env.get("M2M_CONFIG");
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--quiet",
      ...(config ? ["--config", config] : []),
      new URL("./_worker.ts", import.meta.url).href,
      run,
      JSON.stringify(job),
    ],
    env: {
      TF_NUM_INTRAOP_THREADS: String(threads),
      TF_NUM_INTEROP_THREADS: String(threads),
      TF_CPP_MIN_LOG_LEVEL: "3",
    },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
    signal,
  }).spawn();
  const errors = new Response(child.stderr).text();
  let failure: Error | undefined;
  let done = false;
  for await (const message of messages(child.stdout)) {
    if (message.type === "step") onMessage(message);
    else if (message.type === "done") done = true;
    else failure = message.mistake ? new UserError(message.message) : new Error(message.message);
  }
  const { code, signal: killedBy } = await child.status;
  await child.stdin.close().catch(() => {}); // closed already where the child has ended
  if (failure) throw failure;
  if (!done) {
    const last = (await errors).trim().split("\n").slice(-8).join("\n");
    throw new Error(
      `the process ended ${killedBy ? `by ${killedBy}` : `with exit code ${code}`}${last ? `: ${last}` : ""}`,
    );
  }
}

async function* messages(stream: ReadableStream<Uint8Array>): AsyncGenerator<Message> {
  let rest = "";
  for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      // An engine may print lines of its own on standard output.
      if (line.startsWith('{"type":')) yield JSON.parse(line);
    }
  }
}
