// Damaged copies of the synthetic databases: each damage is told by clip, field and words; nothing else changes, nothing hangs, nothing crashes.
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { dirname } from "node:path";
import {
  checkComposite,
  checkDatabase,
  type CheckReport,
  readCompositeList,
  readDatabase,
} from "../../../data/mod.ts";
import { type DatabaseName, UserError } from "../../../types.ts";
import { allDamages, type Told } from "./_damages.ts";
import { copyFolder, fingerprint, healthy, Patient, type Whole } from "./_patient.ts";
import { hasFfmpeg } from "../_ffmpeg.ts";

const composite: readonly DatabaseName[] = ["casme2", "smic", "samm"];
/** A check of these few clips takes a tenth of a second. */
const patience = 60_000;

async function check(database: Whole, root: string): Promise<CheckReport> {
  return database === "composite"
    ? await checkComposite(root)
    : await checkDatabase(database, `${root}/${database}`);
}

/** Fingerprints of the clips of a database, or of the listed ones of the composite, as problems name them. */
async function clipsOf(database: Whole, root: string): Promise<Map<string, string>> {
  const prints = new Map<string, string>();
  const listed = database !== "composite" ? undefined : new Set(
    (await readCompositeList(`${await healthy()}/combined_3class_gt.csv`)).map((
      { database, subject, clip },
    ) => `${database}/${subject}/${clip}`),
  );
  for (const name of listed === undefined ? [database as DatabaseName] : composite) {
    const folder = `${root}/${name}`;
    if (!await Deno.stat(folder).then(() => true, () => false)) continue;
    for (const sample of (await readDatabase(name, folder, { lenient: true })).samples) {
      const own = `${sample.subject}/${sample.clip}`;
      // The list writes s01 where SMIC writes s1.
      const name = listed === undefined
        ? own
        : `${sample.database}/${own.replace(/\bs(\d)(?=[/_])/g, "s0$1")}`;
      if (listed?.has(name) ?? true) prints.set(name, await fingerprint(sample, folder));
    }
  }
  return prints;
}

/** What a healthy copy is: its clips, and the problems that even it has. */
const sound = new Map<Whole, Promise<{ clips: Map<string, string>; problems: Set<string> }>>();
const key = (problem: { clip: string; field: string; found: string }) =>
  JSON.stringify([problem.clip, problem.field, problem.found]);
function soundState(database: Whole) {
  if (!sound.has(database)) {
    sound.set(
      database,
      (async () => {
        const root = await healthy();
        const { problems } = await check(database, root);
        return { clips: await clipsOf(database, root), problems: new Set(problems.map(key)) };
      })(),
    );
  }
  return sound.get(database)!;
}

const names = allDamages.map(({ database, name }) => `${database}: ${name}`);

Deno.test("the damages are at least 50, each of its own name, for every database and the list", () => {
  assert(new Set(names).size >= 50);
  assertEquals(new Set(names).size, names.length);
  assertEquals([...new Set(allDamages.map(({ database }) => database))].sort(), [
    "casme2",
    "ckplus",
    "composite",
    "mmi",
    "samm",
    "smic",
  ]);
});

for (const { database, name, needs, harm } of allDamages) {
  const missing = needs === "ffmpeg" && !hasFfmpeg;
  Deno.test({
    name: `damaged ${database}: ${name}${missing ? " (skipped: no ffmpeg)" : ""}`,
    ignore: missing,
    fn: async () => {
      const before = await soundState(database);
      const root = `${dirname(await healthy())}/damaged`;
      try {
        for (const part of database === "composite" ? composite : [database]) {
          await copyFolder(`${await healthy()}/${part}`, `${root}/${part}`);
        }
        if (database === "composite") {
          await Deno.copyFile(`${await healthy()}/combined_3class_gt.csv`, `${root}/combined_3class_gt.csv`);
        }
        const own = database === "composite" ? "casme2" : database;
        const outcome = await harm(await Patient.of(own, `${root}/${own}`));
        const started = performance.now();
        if ("refused" in outcome) {
          const error = await assertRejects(() => check(database, root), UserError);
          for (const words of outcome.refused) assertStringIncludes(error.message, words);
          assert(!error.message.includes("\n"), error.message);
          return;
        }
        const report = await check(database, root);
        assert(performance.now() - started < patience, "it took too long");
        const fresh = report.problems.filter((problem) =>
          !before.problems.has(key(problem)) && problem.field !== "edition"
        );
        for (const told of outcome.told) assertTold(told, fresh, database);
        // Nothing is told of a clip that was left alone.
        const named = outcome.told.map(([clip]) => clip);
        for (const { clip, field, found } of fresh) {
          assert(
            named.some((name) => clip.startsWith(name) || isSum(clip, database)),
            `${clip} ${field}: ${found} is told without a reason`,
          );
        }
        for (const { found, remedy } of report.problems) assert(found !== "" && remedy !== "");
        // No clip that was left alone changes, and none changes in silence.
        const after = await clipsOf(database, root);
        for (const [clip, print] of before.clips) {
          if (after.get(clip) === print) continue;
          assert(
            fresh.some((problem) =>
              problem.clip === clip ||
              outcome.told.some(([name, , found]) => name === clip && problem.found.includes(found))
            ),
            `${clip} changed in silence: ${print} ${after.get(clip)}`,
          );
          assert(
            outcome.told.some(([name]) => name === clip),
            `${clip} was left alone, but changed`,
          );
        }
        for (const clip of after.keys()) assert(before.clips.has(clip), `${clip} came from nowhere`);
        // What is told to be left out is, and nothing else.
        for (const { clip, field, dropped } of fresh) {
          assert(!dropped || !after.has(clip), `${clip} was told to be left out (${field}), but was read`);
        }
        for (const clip of before.clips.keys()) {
          const isTold = fresh.some((problem) =>
            problem.dropped && (problem.clip === clip || isSum(problem.clip, database))
          );
          assert(after.has(clip) || isTold, `${clip} was left out, but is not told to be`);
        }
      } finally {
        await Deno.remove(root, { recursive: true });
      }
    },
  });
}

/** Whether a problem is told of a table, folder or database rather than of a clip. */
function isSum(clip: string, database: Whole): boolean {
  return database === "ckplus" && !clip.includes("/");
}

function assertTold([clip, field, found]: Told, problems: CheckReport["problems"], database: Whole): void {
  const is = problems.some((problem) =>
    (problem.clip.startsWith(clip) || isSum(problem.clip, database)) && problem.field === field &&
    problem.found.includes(found)
  );
  const all = problems.map((problem) => `${problem.clip} ${problem.field}: ${problem.found}`).join("\n");
  assert(is, `${clip} ${field}: ${found} was not told, but\n${all}`);
}
