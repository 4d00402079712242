import { UserError } from "../types.ts";
import { StorageError } from "./write_whole.ts";

/** An error on its way from one of our processes to another. */
export interface ToldError {
  readonly type: "error";
  /** One sentence, or for a defect the stack. */
  readonly message: string;
  readonly kind: "defect" | "mistake" | "storage";
}

/** What a process says of an error. */
export function tellError(error: unknown): ToldError {
  const mistake = error instanceof UserError || error instanceof RangeError;
  return {
    type: "error",
    message: mistake ? error.message : (error as Error).stack ?? String(error),
    kind: error instanceof StorageError ? "storage" : mistake ? "mistake" : "defect",
  };
}

/** The error that the other process spoke of. */
export function errorOf({ message, kind }: ToldError): Error {
  if (kind === "storage") return new StorageError(message);
  return kind === "mistake" ? new UserError(message) : new Error(message);
}
