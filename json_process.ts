import { linesOf } from "./lines_of.ts";
import { UserError } from "./types.ts";

/** How a {@linkcode JsonProcess} ended. */
export interface ProcessEnd {
  /** "by SIGKILL", "with exit code 1". */
  readonly how: string;
  /** The last lines that it wrote on standard error. */
  readonly last: readonly string[];
}

/** "its process ended by SIGKILL: why", for a message about one thing that the process was at. */
export function endText({ how, last }: ProcessEnd): string {
  return [`its process ended ${how}`, last.slice(-3).join(" ")].filter(Boolean).join(": ");
}

/** The settings of a {@linkcode JsonProcess}. */
export interface JsonProcessOptions {
  /** Its arguments. @default none */
  readonly args?: readonly string[];
  /** Environment variables to add. @default none */
  readonly env?: Readonly<Record<string, string>>;
  /** Ends it, whatever it is at. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * A module of ours in a process of its own: it reads lines on standard input and answers in lines of JSON on standard output. What crashes there
 * (an engine, a decoder) ends that process alone, which a Web Worker cannot promise. Its standard input closes when this process dies, whatever it
 * dies of: the module must end then.
 */
export class JsonProcess<Message> {
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #messages: AsyncGenerator<Message>;
  readonly #errors: Promise<string>;
  /** Ends it at once, whatever it is at. */
  readonly kill = (): void => {
    try {
      this.#child.kill("SIGKILL"); // this process ends at once: a child would still finish what it is at
    } catch { /* it has ended already */ }
  };

  /** @throws {UserError} If the system lets no further process begin. */
  constructor(module: URL, { args = [], env = {}, signal }: JsonProcessOptions = {}) {
    const config = Deno.env.get("M2M_CONFIG");
    const command = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--quiet", ...(config ? ["--config", config] : []), module.href, ...args],
      env: { ...env },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
      ...(signal ? { signal } : {}),
    });
    try {
      this.#child = command.spawn();
    } catch (error) {
      const why = (error as Error).message;
      throw new UserError(`Cannot start a further process: ${why}; end other programs or take fewer --jobs.`);
    }
    this.#input = this.#child.stdin.getWriter();
    this.#messages = messagesOf(this.#child.stdout);
    this.#errors = new Response(this.#child.stderr).text();
    globalThis.addEventListener("unload", this.kill);
  }

  /** Sends a line. One that has ended is noticed by {@linkcode next}. */
  send(line: string): void {
    this.#input.write(new TextEncoder().encode(`${line}\n`)).catch(() => {});
  }

  /** What it says next; undefined if it has ended. */
  async next(): Promise<Message | undefined> {
    const { value, done } = await this.#messages.next();
    return done ? undefined : value;
  }

  /** Closes its standard input and waits for its end. */
  async end(): Promise<ProcessEnd> {
    await this.#input.close().catch(() => {}); // closed already where it has ended
    while (await this.next() !== undefined); // with its pipe full it could not end
    const { code, signal } = await this.#child.status;
    globalThis.removeEventListener("unload", this.kill);
    return {
      how: signal ? `by ${signal}` : `with exit code ${code}`,
      last: (await this.#errors).trim().split("\n").filter((line) => line !== "").slice(-8),
    };
  }
}

async function* messagesOf<Message>(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<Message> {
  for await (const line of linesOf(stream)) {
    // An engine may print lines of its own on standard output.
    if (line.startsWith('{"type":')) yield JSON.parse(line);
  }
}
