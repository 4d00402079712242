/** Shows how far a step is: a bar on a terminal, otherwise a line every tenth. */
export interface Progress {
  /** A part of 1. */
  show(done: number): void;
  /** Ends the bar. */
  end(): void;
}

/** A progress bar on standard error. */
export function progressBar(what: string, say: (line: string) => void): Progress {
  const terminal = Deno.stderr.isTerminal();
  let last = -1;
  return {
    show(done) {
      const step = Math.floor(Math.min(1, done) * (terminal ? 40 : 10));
      if (step === last) return;
      last = step;
      if (terminal) {
        const bar = "#".repeat(step).padEnd(40, ".");
        Deno.stderr.writeSync(new TextEncoder().encode(`\r${what} [${bar}] ${Math.round(step * 2.5)}%`));
      } else if (step > 0) say(`${what}: ${step * 10}%`);
    },
    end() {
      if (terminal && last >= 0) Deno.stderr.writeSync(new TextEncoder().encode("\n"));
    },
  };
}
