import type { Problem } from "../types.ts";

/** Collects problems of one database. */
export class Problems {
  readonly list: Problem[] = [];

  /** Notes something that does not cost the clip. */
  keep(clip: string, field: string, found: string, remedy: string): void {
    this.list.push({ clip, field, found, remedy, dropped: false });
  }

  /** Notes something that costs the clip. */
  drop(clip: string, field: string, found: string, remedy: string): void {
    this.list.push({ clip, field, found, remedy, dropped: true });
  }
}
