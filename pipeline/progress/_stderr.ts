/** Writes to standard error, all of it; where that is gone (its terminal was closed), to nobody. */
export function toStderr(text: string): void {
  const bytes = new TextEncoder().encode(text);
  try {
    for (let done = 0; done < bytes.length;) done += Deno.stderr.writeSync(bytes.subarray(done));
  } catch { /* the work goes on */ }
}
