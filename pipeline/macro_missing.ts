import { UserError } from "../types.ts";

/** A training needs MaNet, and it is not there: not yet, where another job is at it, or not any more. */
export class MacroMissing extends UserError {
  /** @param file MaNet's. */
  constructor(file: string) {
    super(`Cannot guide MiNet: ${file} is missing; run again with --resume, which trains MaNet first.`);
  }
}
