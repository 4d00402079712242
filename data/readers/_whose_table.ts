import { cleanText, type Sheet } from "../_table.ts";

/** How the clips of each database are called in a table, or what else is in no other's. */
const signs: readonly { readonly database: string; readonly title: string; readonly cell: RegExp }[] = [
  { database: "composite", title: "the MEGC2019 composite's list", cell: /^(casme2|smic|samm)$/i },
  { database: "casme3", title: "CAS(ME)^3", cell: /^spno\.?\d+$/i },
  { database: "mmew", title: "MMEW", cell: /^s\d+-\d+-\d+$/i },
  { database: "casme2", title: "CASME II", cell: /^EP\d+(_\d+)*f?$/i },
  { database: "smic", title: "SMIC", cell: /^s\d+_(ne|po|sur)_\d+$/i },
  { database: "samm", title: "SAMM", cell: /^\d{3}_\d_\d+$/ },
];

/** A sentence on whose table the sheets look like, where that is another database; empty otherwise. */
export function whoseTable(sheets: readonly Sheet[], database: string): string {
  const counts = signs.map(({ cell: pattern }) =>
    Math.max(
      0,
      ...sheets.map(({ rows }) =>
        rows.filter((row) => row.some((cell) => typeof cell === "string" && pattern.test(cleanText(cell))))
          .length
      ),
    )
  );
  const most = Math.max(...counts);
  const sign = signs[counts.indexOf(most)]!;
  if (most < 3) return "";
  if (sign.database !== database) return ` (it looks like the table of ${sign.title})`;
  // SAMM's long videos have a table of their own, of micro- and macro-expressions without emotions.
  const words = sheets.flatMap(({ rows }) => rows.flat()).filter((cell): cell is string =>
    typeof cell === "string"
  );
  return database === "samm" && words.some((cell) => /^\s*macro\b/i.test(cell))
    ? " (it looks like the table of SAMM Long Videos, which has macro-expressions and no emotions)"
    : "";
}
