import { UserError } from "../types.ts";

/** Ends the preparation of a run that was stopped. */
export function refuseIfStopped(signal: AbortSignal | undefined): void {
  if (!signal?.aborted) return;
  throw new UserError(
    "Stopped before any training. Clips decoded and described so far are kept; run again with the same command.",
  );
}
