import type { Problem } from "../../types.ts";
import type { PublishedSet } from "../published.ts";

/** What a check of a database, or of its table alone, found. */
export interface CheckReport {
  /** Short name of the database, or `composite`. */
  readonly database: string;
  /** The edition of its table, in words. */
  readonly edition: string;
  /** Clips that can be used; rows that name a clip where only a table was checked. */
  readonly clips: number;
  /** Subjects of these clips. */
  readonly subjects: number;
  /** Clips of each label, most frequent first. */
  readonly labels: Readonly<Record<string, number>>;
  /** Everything odd or wrong, one entry for each thing. */
  readonly problems: readonly Problem[];
  /** The published counts that come nearest, where there are any. */
  readonly published?: PublishedSet;
  /** Image files, or frames of videos, that were opened. */
  readonly frames: number;
}

/** How far a check has come. */
export interface CheckProgress {
  /** Frames opened. */
  readonly done: number;
  /** Frames to open. */
  readonly total: number;
  /** The clip at work, `subject/clip`. */
  readonly clip: string;
}
