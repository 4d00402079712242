import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  readCasme2Table,
  readCompositeList,
  readCorrections,
  readSammTable,
  readSmicTable,
} from "../../../data/mod.ts";
import { UserError } from "../../../types.ts";
import type { XlsxCell } from "../../../data/mod.ts";
import { sheet, tableFile } from "./_databases.ts";

const runs = (numRuns: number) => ({ numRuns, seed: 20260114 });
const headers = {
  subject: ["Subject", "subject", " SUBJECT "],
  clip: ["Filename", "File name"],
  onset: ["OnsetFrame", "Onset Frame", "onset"],
  apex: ["ApexFrame", "Apex Frame"],
  offset: ["OffsetFrame", "Offset Frame"],
  au: ["Action Units", "AU"],
  label: ["Estimated Emotion", "Emotion"],
};
const labels = ["happiness", "disgust", "repression", "surprise", "sadness", "fear", "others"];

const rowOf = fc.record({
  subject: fc.integer({ min: 1, max: 26 }).map((n) => String(n).padStart(2, "0")),
  clip: fc.integer({ min: 1, max: 99999 }).map((n) => `EP${n}`),
  onset: fc.integer({ min: 1, max: 300 }),
  apex: fc.integer({ min: 301, max: 400 }),
  offset: fc.integer({ min: 401, max: 999 }),
  au: fc.constantFrom<string | number>(4, "4+L10", "R6+R12"),
  label: fc.constantFrom(...labels),
});
type Row = { [K in keyof typeof headers]: string | number };
const tableOf = fc.record({
  rows: fc.uniqueArray(rowOf, {
    minLength: 1,
    maxLength: 5,
    selector: (row) => `${row.subject}/${row.clip}`,
  }),
  order: fc.shuffledSubarray(Object.keys(headers) as (keyof typeof headers)[], {
    minLength: 7,
    maxLength: 7,
  }),
  spelling: fc.nat(2),
  above: fc.nat(4),
  blanks: fc.array(fc.nat(7), { maxLength: 3 }),
  form: fc.constantFrom("xlsx", ",", ";", "\t"),
});

Deno.test("table readers: columns in any order, spelling, place and file form are read the same", async () => {
  await fc.assert(
    fc.asyncProperty(tableOf, async ({ rows, order, spelling, above, blanks, form }) => {
      const head = order.map((key) => headers[key][spelling % headers[key].length]!);
      const lines: (string | number | null)[][] = [
        head,
        ...(rows as Row[]).map((row) => order.map((key) => row[key])),
      ];
      for (const at of blanks) for (const line of lines) line.splice(at, 0, null);
      const all = [...Array.from({ length: above }, () => ["some preamble"]), ...lines];
      const file = form === "xlsx"
        ? await tableFile(sheet(all))
        : await tableFile(all.map((line) => line.map((cell) => cell ?? "").join(form)).join("\r\n"), "csv");
      const { rows: read } = await readCasme2Table(file);
      await Deno.remove(file);
      assertEquals(
        read.map((
          { subject, clip, onset, apex, offset, label, actionUnits },
        ) => [subject, clip, onset, apex, offset, label, actionUnits]),
        (rows as Row[]).map((
          { subject, clip, onset, apex, offset, label, au },
        ) => [`sub${subject}`, clip, onset, apex, offset, label, String(au)]),
      );
    }),
    runs(40),
  );
});

const anyCell = fc.oneof(
  fc.constant(null),
  fc.string({ maxLength: 8 }),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom("/", "?", " ", "1e5", "-3", "4.5", "007", "__proto__", "constructor", "..", "a/b"),
  fc.record({ formula: fc.string({ maxLength: 5 }), value: fc.constantFrom(null, 3, "x") }),
);

Deno.test("table readers: whatever the cells hold, each row is read, or reported, and no other error comes", async () => {
  const head = [
    "Subject",
    "Filename",
    "OnsetFrame",
    "ApexFrame",
    "OffsetFrame",
    "Action Units",
    "Estimated Emotion",
    "FirstF",
  ];
  const lines = fc.array(fc.array(anyCell, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(lines, async (rows) => {
      const file = await tableFile(sheet([head, ...rows]));
      for (const read of [readCasme2Table, readSammTable, readSmicTable]) {
        try {
          const table = await read(file);
          const filled = rows.filter((row) =>
            row.some((cell) => cell !== null && !(typeof cell === "string" && cell.trim() === ""))
          );
          const unnamed = table.problems.filter((problem) => problem.clip.includes(" row ")).length;
          const doubled = table.problems.filter((problem) => problem.field === "row").length;
          assert(table.rows.length + unnamed + doubled >= filled.length, "a row was dropped in silence");
          for (const row of table.rows) {
            for (const frame of [row.onset, row.apex, row.offset]) {
              assert(frame === null || (Number.isInteger(frame) && frame >= 0));
            }
          }
        } catch (error) {
          assert(error instanceof UserError, `${(error as Error).stack}`);
          assert(!error.message.includes("\n"));
        }
      }
      await Deno.remove(file);
    }),
    runs(50),
  );
});

Deno.test("readers of files: any bytes, and any damage to a real workbook, give a UserError or a reading", async () => {
  const whole = sheet([Object.values(headers).map((names) => names[0]!), ["01", "EP1", 1, 2, 3, 4, "fear"]]);
  const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 })
    .map((changes) => {
      const bytes = whole.slice();
      for (const [at, to] of changes) bytes[at] = to;
      return bytes;
    });
  const cut = fc.nat(whole.length).map((length) => whole.slice(0, length));
  const text = fc.string({ maxLength: 60 }).map((part) =>
    new TextEncoder().encode(`Subject,Filename\n"${part}`)
  );
  const any = fc.oneof(
    damage,
    cut,
    text,
    fc.uint8Array({ maxLength: 80 }).map((bytes) => new Uint8Array(bytes)),
  );
  await fc.assert(
    fc.asyncProperty(any, async (bytes) => {
      const file = await tableFile(bytes);
      for (const read of [readCasme2Table, readCompositeList, readCorrections]) {
        await (read as (file: string) => Promise<unknown>)(file).catch((error: Error) => {
          assert(error instanceof UserError, `${error.stack}`);
        });
      }
      await Deno.remove(file);
    }),
    runs(80),
  );
});

// A table long enough that strange columns are told from strange rows.
const clipOf = fc.tuple(rowOf, fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 60 })).map(
  ([row, rise, fall]) => ({ ...row, apex: row.onset + rise, offset: row.onset + rise + fall }),
);
const longTable = fc.tuple(
  fc.uniqueArray(clipOf, { minLength: 12, maxLength: 30, selector: (row) => `${row.subject}/${row.clip}` }),
  fc.infiniteStream(fc.nat()),
);
const keys = Object.keys(headers) as (keyof typeof headers)[];
const linesOf = (rows: readonly Row[], columns: readonly (keyof typeof headers)[] = keys) => [
  columns.map((key) => headers[key][0]!),
  ...rows.map((row) => columns.map((key) => row[key])),
];
const contents = (rows: readonly { subject: string; clip: string }[]) =>
  new Map(rows.map((row) => [`${row.subject}/${row.clip}`, JSON.stringify({ ...row, line: 0 })]));

Deno.test("table readers: rows in any order, some of them twice, are read the same", async () => {
  await fc.assert(
    fc.asyncProperty(longTable, async ([rows, random]) => {
      const next = () => random.next().value!;
      const shuffled = (rows as Row[]).map((row) => [next(), row] as const).sort(([a], [b]) => a - b).map((
        [, row],
      ) => row);
      const twice = shuffled.filter(() => next() % 4 === 0);
      const files = [
        await tableFile(sheet(linesOf(rows as Row[]))),
        await tableFile(sheet(linesOf([...shuffled, ...twice]))),
      ];
      const [plain, mixed] = await Promise.all(files.map((file) => readCasme2Table(file)));
      for (const file of files) await Deno.remove(file);
      assertEquals(contents(mixed!.rows), contents(plain!.rows));
      assertEquals(mixed!.problems.filter(({ found }) => found.includes("repeats")).length, twice.length);
    }),
    runs(25),
  );
});

Deno.test("table readers: two columns in each other's place are refused, whatever they hold", async () => {
  // Subjects and action units may be numbers that could be frames: what tells them apart are real tables (check_table_test.ts).
  const telling = keys.filter((key) => key !== "subject" && key !== "au");
  const pairs = fc.shuffledSubarray(telling, { minLength: 2, maxLength: 2 });
  await fc.assert(
    fc.asyncProperty(longTable, pairs, async ([rows], [a, b]) => {
      // The headers stay, the columns below them change places.
      const wrong = (rows as Row[]).map((row) => ({ ...row, [a!]: row[b!], [b!]: row[a!] }));
      const file = await tableFile(sheet(linesOf(wrong)));
      const error = await readCasme2Table(file).then(() => undefined, (error: unknown) => error);
      await Deno.remove(file);
      assert(error instanceof UserError, `${a} and ${b} in each other's place were read`);
      assert(!error.message.includes("\n") && error.message.includes(file));
    }),
    runs(42),
  );
});

Deno.test("table readers: a cell that was changed at random changes its own row, or is told", async () => {
  const change = fc.tuple(fc.nat(11), fc.constantFrom(...keys), anyCell);
  await fc.assert(
    fc.asyncProperty(longTable, change, async ([rows], [at, key, cell]) => {
      const lines = linesOf(rows as Row[]) as XlsxCell[][];
      const whole = await tableFile(sheet(lines));
      lines[at + 1] = lines[at + 1]!.map((old, c) => keys[c] === key ? cell : old);
      const broken = await tableFile(sheet(lines));
      const [before, after] = await Promise.all([readCasme2Table(whole), readCasme2Table(broken)]);
      await Promise.all([Deno.remove(whole), Deno.remove(broken)]);
      const [was, is] = [contents(before.rows), contents(after.rows)];
      const row = (rows as Row[])[at]!, name = `sub${row.subject}/${row.clip}`;
      for (const [clip, content] of was) {
        if (clip !== name && is.has(clip)) assertEquals(is.get(clip), content, clip);
      }
      const lost = [...was.keys()].filter((clip) => !is.has(clip)),
        found = [...is.keys()].filter((clip) => !was.has(clip));
      assert(lost.every((clip) => clip === name) && found.length <= 1);
      // Without its name or with another's, the row is told or stands under the name that it now has.
      if (lost.length > 0) {
        assert(
          found.length === 1 ||
            after.problems.some(({ clip, field }) => clip.includes(" row ") || field === "row"),
        );
      }
      const isNumber = typeof cell === "number"
        ? Number.isInteger(cell) && cell >= 0 && cell < 1e12
        : typeof cell === "string" && /^\s*\d+(\.0+)?\s*$/.test(cell);
      if (
        (key === "onset" || key === "offset") && !isNumber &&
        !(typeof cell === "object" && cell !== null && cell.value === 3)
      ) {
        assert(
          after.problems.some((problem) => problem.clip === name && problem.field === key),
          `${key} ${JSON.stringify(cell)} was not told`,
        );
      }
    }),
    runs(80),
  );
});
