/** Counts that a database's owners or papers publish: what a copy is compared with. */
export interface PublishedSet {
  /** `casme2`, `smic`, `samm`, `ckplus`, `mmi`, `casme3`, `mmew` or `composite`. */
  readonly database: string;
  /** The edition or set in words. */
  readonly title: string;
  /** How many clips it has. */
  readonly clips: number;
  /** How many subjects, where that is published. */
  readonly subjects?: number;
  /** How many clips of each label, in the database's own words, lower case; empty where no count is published. */
  readonly labels: Readonly<Record<string, number>>;
}

/**
 * The published editions and sets, by database, the usual one first. Those of tables were counted in the genuine files; the set of 247 clips is that of
 * the original paper (Yan et al. 2014), those of MMEW are of its paper (Ben et al. 2021), the 860 rows of CAS(ME)^3 are what public code reports, and the counts of 2019 follow from its set of 249 clips.
 */
export const publishedSets: readonly PublishedSet[] = [
  {
    database: "casme2",
    title: "CASME II of 2014-05-08",
    clips: 255,
    subjects: 26,
    labels: { others: 99, disgust: 63, happiness: 32, repression: 27, surprise: 25, sadness: 7, fear: 2 },
  },
  {
    database: "casme2",
    title: "CASME II of 2019",
    clips: 255,
    subjects: 26,
    labels: { others: 99, disgust: 63, happiness: 32, surprise: 28, repression: 27, sadness: 4, fear: 2 },
  },
  {
    database: "casme2",
    title: "five-class set of 246 clips (2014)",
    clips: 246,
    subjects: 26,
    labels: { others: 99, disgust: 63, happiness: 32, repression: 27, surprise: 25 },
  },
  {
    database: "casme2",
    title: "five-class set of 247 clips (original paper)",
    clips: 247,
    subjects: 26,
    labels: { others: 102, disgust: 60, happiness: 33, repression: 27, surprise: 25 },
  },
  {
    database: "casme2",
    title: "five-class set of 249 clips (2019)",
    clips: 249,
    subjects: 26,
    labels: { others: 99, disgust: 63, happiness: 32, surprise: 28, repression: 27 },
  },
  {
    database: "samm",
    title: "SAMM v2",
    clips: 159,
    subjects: 29,
    labels: {
      anger: 57,
      happiness: 26,
      other: 26,
      surprise: 15,
      contempt: 12,
      disgust: 9,
      fear: 8,
      sadness: 6,
    },
  },
  {
    database: "samm",
    title: "five-class set of 136 clips of SAMM",
    clips: 136,
    subjects: 27,
    labels: { anger: 57, happiness: 26, other: 26, surprise: 15, contempt: 12 },
  },
  {
    database: "smic",
    title: "SMIC-HS",
    clips: 162,
    subjects: 16,
    labels: { negative: 70, positive: 51, surprise: 41 },
  },
  {
    database: "smic",
    title: "SMIC-HS, all clips",
    clips: 164,
    subjects: 16,
    labels: { negative: 70, positive: 51, surprise: 43 },
  },
  {
    database: "smic",
    title: "SMIC-VIS",
    clips: 71,
    subjects: 8,
    labels: { positive: 28, negative: 24, surprise: 19 },
  },
  {
    database: "smic",
    title: "SMIC-NIR",
    clips: 71,
    subjects: 8,
    labels: {},
  },
  {
    database: "ckplus",
    title: "CK+ of 2010, labelled sequences",
    clips: 327,
    subjects: 118,
    labels: { surprise: 83, happy: 69, disgust: 59, anger: 45, sadness: 28, fear: 25, contempt: 18 },
  },
  {
    database: "casme3",
    title: "CAS(ME)^3, part A, micro-expressions",
    clips: 860,
    labels: {},
  },
  {
    database: "mmew",
    title: "MMEW, micro-expressions",
    clips: 300,
    labels: { surprise: 89, disgust: 72, others: 66, happiness: 36, fear: 16, sadness: 13, anger: 8 },
  },
  {
    database: "composite",
    title: "MEGC2019 composite",
    clips: 442,
    subjects: 68,
    labels: { negative: 250, positive: 109, surprise: 83 },
  },
];

/** What two sets of counts have in common, and where they part. */
export interface Counts {
  /** Clips in all. */
  readonly clips: number;
  /** Subjects in all. */
  readonly subjects: number;
  /** Clips of each label. */
  readonly labels: Readonly<Record<string, number>>;
}

/**
 * Where counts differ from a published set, as `others 98 (published 99), subjects 25 (published 26)`; empty where they do not.
 *
 * @example
 * ```ts
 * import { countDeviations, publishedSets } from "@macro2micro/mer/data";
 * import { assertEquals } from "@std/assert";
 *
 * const { labels } = publishedSets.find(({ title }) => title === "SMIC-HS, all clips")!;
 * const here = { clips: 163, subjects: 16, labels: { ...labels, positive: 50 } };
 * const published = publishedSets.find(({ title }) => title === "SMIC-HS, all clips")!;
 * assertEquals(countDeviations(here, published), "clips 163 (published 164), positive 50 (published 51)");
 * ```
 */
export function countDeviations(here: Counts, published: PublishedSet): string {
  const rows: [string, number, number][] = [
    ["clips", here.clips, published.clips],
    ["subjects", here.subjects, published.subjects ?? here.subjects],
  ];
  const names = Object.keys(published.labels);
  if (names.length > 0) {
    for (const name of new Set([...names, ...Object.keys(here.labels)])) {
      rows.push([name, here.labels[name] ?? 0, published.labels[name] ?? 0]);
    }
  }
  return rows.filter(([, a, b]) => a !== b).map(([name, a, b]) => `${name} ${a} (published ${b})`).join(", ");
}

/**
 * The published set of a database that counts come nearest to, by clips of each label; the usual one (the first) where none is near, as for a part of
 * a database.
 *
 * @example
 * ```ts
 * import { nearestSet } from "@macro2micro/mer/data";
 * import { assertEquals } from "@std/assert";
 *
 * const labels = { others: 99, disgust: 62, happiness: 32, repression: 27, surprise: 28 };
 * assertEquals(nearestSet("casme2", { clips: 248, subjects: 26, labels })?.title, "five-class set of 249 clips (2019)");
 * assertEquals(nearestSet("casme2", { clips: 9, subjects: 1, labels: { others: 9 } })?.title, "CASME II of 2014-05-08");
 * ```
 */
export function nearestSet(
  database: string,
  here: Counts,
  among: (set: PublishedSet) => boolean = () => true,
): PublishedSet | undefined {
  const sets = publishedSets.filter((set) => set.database === database && among(set));
  const distances = sets.map(({ clips, labels }) => {
    const names = Object.keys(labels);
    if (names.length === 0) return Math.abs(clips - here.clips) + 1;
    return [...new Set([...names, ...Object.keys(here.labels)])]
      .reduce((sum, name) => sum + Math.abs((labels[name] ?? 0) - (here.labels[name] ?? 0)), 0);
  });
  const least = Math.min(...distances), near = sets[distances.indexOf(least)];
  return near !== undefined && least <= near.clips / 4 ? near : sets[0];
}

/**
 * Counts of rows or samples.
 *
 * @example
 * ```ts
 * import { countClipsOf } from "@macro2micro/mer/data";
 * import { assertEquals } from "@std/assert";
 *
 * const rows = [{ subject: "s1", label: "negative" }, { subject: "s1", label: null }];
 * assertEquals(countClipsOf(rows), { clips: 2, subjects: 1, labels: { negative: 1, blank: 1 } });
 * ```
 */
export function countClipsOf(
  rows: readonly { readonly subject: string; readonly label: string | null }[],
): Counts {
  const labels = new Map<string, number>();
  for (const { label } of rows) labels.set(label ?? "blank", (labels.get(label ?? "blank") ?? 0) + 1);
  return {
    clips: rows.length,
    subjects: new Set(rows.map(({ subject }) => subject)).size,
    labels: Object.fromEntries([...labels].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))),
  };
}
