import { duration } from "../pipeline/progress/duration.ts";

/** Where a long piece of work stands, shown on stderr: a bar on a terminal, plain lines elsewhere. */
export class Progress {
  #total: number;
  #done = 0;
  #parts = new Map<string, number>();
  #start = performance.now();
  #last = -Infinity;
  #terminal: boolean;
  #quiet: boolean;

  /** @param total Steps of the whole work. */
  constructor(total: number, options: { quiet?: boolean } = {}) {
    this.#total = total;
    this.#quiet = options.quiet ?? false;
    this.#terminal = !this.#quiet && Deno.stderr.isTerminal();
  }

  /** A job stands at so many of its steps. */
  update(job: string, steps: number, text: string): void {
    this.#parts.set(job, steps);
    const now = performance.now();
    if (!this.#terminal || now - this.#last < 100) return;
    this.#last = now;
    this.#write(`\r\x1b[2K${this.#bar()} ${text}`);
  }

  /** A job is over. */
  finish(job: string, steps: number, text: string): void {
    this.#parts.delete(job);
    this.#done += steps;
    if (!this.#quiet) this.line(`${text}  (${this.#percent()} %, ${this.#left()})`);
  }

  /** So many steps are over that need no line. */
  pass(steps: number): void {
    this.#done += steps;
  }

  /** A line of its own. */
  line(text: string): void {
    if (this.#quiet) return;
    this.#write(this.#terminal ? `\r\x1b[2K${text}\n${this.#bar()}` : `${text}\n`);
  }

  /** Clears the bar. */
  end(): void {
    if (this.#terminal) this.#write("\r\x1b[2K");
  }

  #part(): number {
    let steps = this.#done;
    for (const part of this.#parts.values()) steps += part;
    return this.#total === 0 ? 1 : Math.min(1, steps / this.#total);
  }

  #percent(): string {
    return (100 * this.#part()).toFixed(0).padStart(3);
  }

  #bar(): string {
    if (this.#total === 0) return ""; // preparing: what there is to do is not known yet
    const filled = Math.round(24 * this.#part());
    return `[${"=".repeat(filled)}${" ".repeat(24 - filled)}] ${this.#percent()} % ${this.#left()}`;
  }

  #left(): string {
    const part = this.#part();
    if (part >= 1) return "done";
    if (part <= 0) return "time left unknown";
    const seconds = (performance.now() - this.#start) / 1000 * (1 - part) / part;
    return `${duration(seconds)} left`;
  }

  #write(text: string): void {
    Deno.stderr.writeSync(new TextEncoder().encode(text));
  }
}
