/** What kind of leak, or of gap in the proof, a finding is. */
export type FindingKind =
  | "identity"
  | "split"
  | "sampler"
  | "label"
  | "statistic"
  | "cache"
  | "duplicate"
  | "weights"
  | "selection"
  | "prediction"
  | "peek"
  | "record";

/** Something that an audit found, one line. */
export interface Finding {
  /** What kind it is. */
  readonly kind: FindingKind;
  /** Which fold and seed, or which part of the run. */
  readonly where: string;
  /** What was found, one sentence. */
  readonly what: string;
}

/** What an audit came to. */
export interface AuditReport {
  /** The run folder. */
  readonly run: string;
  /** Whether nothing was found. */
  readonly clean: boolean;
  /** What was checked, and on how much. */
  readonly checks: readonly string[];
  /** What could not be checked, and why; not a leak. */
  readonly notes: readonly string[];
  /** Everything found. */
  readonly findings: readonly Finding[];
}

/** Collects findings; the same thing in many stages is one finding. */
export class Findings {
  readonly #all = new Map<string, { finding: Omit<Finding, "what">; what: string; places: string[] }>();

  /** @param place Where within the fold: a stage and a row. Findings that differ only in it become one. */
  add(kind: FindingKind, where: string, what: string, place?: string): void {
    const key = JSON.stringify([kind, where, what]);
    const known = this.#all.get(key) ?? { finding: { kind, where }, what, places: [] };
    if (place !== undefined && !known.places.includes(place)) known.places.push(place);
    this.#all.set(key, known);
  }

  /** All of them, in the order in which they were first found. */
  list(): Finding[] {
    return [...this.#all.values()].map(({ finding, what, places }) => {
      const shown = places.slice(0, 3).join("; ");
      const more = places.length > 3 ? ` and ${places.length - 3} more` : "";
      return { ...finding, what: places.length > 0 ? `${what} (${shown}${more})` : what };
    });
  }
}
