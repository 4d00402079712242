import { type Counts, nearestSet, type PublishedSet, publishedSets } from "../published.ts";

/** The published counts to compare with: those of the edition, for SMIC's corpus all its clips, else the nearest. */
export function publishedFor(
  database: string,
  edition: string,
  counts: Counts,
  table = false,
): PublishedSet | undefined {
  const sets = publishedSets.filter((set) => set.database === database);
  const camera = /SMIC-(HS|VIS|NIR)/.exec(edition)?.[0];
  if (camera !== undefined) {
    return sets.find(({ title }) =>
      title === (camera === "SMIC-HS" && !table ? "SMIC-HS, all clips" : camera)
    );
  }
  return sets.find(({ title }) => edition.startsWith(title)) ?? nearestSet(database, counts);
}
