/** Runs with a signal that Ctrl-C, SIGTERM or a terminal that is closed gives once; the second time ends the process at once. */
export async function stoppable<T>(run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  const onSignal = () => stop.signal.aborted ? Deno.exit(130) : stop.abort();
  const signals: Deno.Signal[] = Deno.build.os === "windows" ? ["SIGINT"] : ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const name of signals) Deno.addSignalListener(name, onSignal);
  try {
    return await run(stop.signal);
  } finally {
    for (const name of signals) Deno.removeSignalListener(name, onSignal);
  }
}
