import { duration } from "../pipeline/progress/duration.ts";

/**
 * Shows on standard error how far a long piece of work has come and how much time is left: one line on a terminal; elsewhere a line
 * at the start, if there is much to do, and one every ten seconds.
 */
export class Countdown {
  #start = performance.now();
  #last = performance.now();
  #terminal = Deno.stderr.isTerminal();
  #shown = false;
  #told = false;

  /** @param unit What is counted, in the plural. */
  constructor(readonly unit: string) {}

  /** So much is done; `text` says what is at work. */
  update(done: number, total: number, text: string): void {
    const now = performance.now();
    if (!this.#told && !this.#terminal && total >= 2000) this.#write(`${total} ${this.unit} to do\n`);
    this.#told = true;
    if (now - this.#last < (this.#terminal ? 200 : 10_000) || done === 0) return;
    this.#last = now;
    this.#shown = true;
    const left = duration((now - this.#start) / 1000 * (total - done) / done);
    const line = `${Math.floor(100 * done / total)} %, ${left} left: ${text}`;
    this.#write(this.#terminal ? `\r\x1b[2K${line}` : `${line}\n`);
  }

  /** Clears the line. */
  end(): void {
    if (this.#terminal && this.#shown) this.#write("\r\x1b[2K");
  }

  #write(text: string): void {
    Deno.stderr.writeSync(new TextEncoder().encode(text));
  }
}
