import { basename, dirname, join, resolve } from "node:path";
import { seededRandom } from "../../engine/random.ts";
import { type DatabaseName, databaseNames, UserError } from "../../types.ts";
import { writeCasme2 } from "./_casme2.ts";
import { writeCkplus } from "./_ckplus.ts";
import { type FlowEntry, flowOf, flowRow, writeFlow } from "./_flow.ts";
import { writeMmi } from "./_mmi.ts";
import { writeSamm } from "./_samm.ts";
import { writeSmic } from "./_smic.ts";
import { checkSettings, type Settings } from "./_settings.ts";
import type { Work } from "./_work.ts";

/** The generator's version: equal settings of equal versions give equal databases. Raised with every change of a pixel. */
export const synthVersion = 1;

/** The settings of {@linkcode synthesizeDatabases}. */
export interface SynthOptions {
  /**
   * Decides everything that is drawn at random: faces, light, clips, noise.
   *
   * @default 1
   */
  readonly seed?: number;
  /**
   * Number of subjects in each database; 0 leaves a database out.
   *
   * @default { casme2: 6, smic: 5, samm: 6, ckplus: 8, mmi: 4 }
   */
  readonly subjects?: Readonly<Partial<Record<DatabaseName, number>>>;
  /**
   * Clips of each micro subject.
   *
   * @default 6
   */
  readonly clipsPerSubject?: number;
  /**
   * Clips of each macro subject.
   *
   * @default 5
   */
  readonly macroClipsPerSubject?: number;
  /**
   * Width and height of a frame in pixels.
   *
   * @default 96
   */
  readonly size?: number;
  /**
   * Frames of a micro clip, on average; single clips vary by a fifth.
   *
   * @default 16
   */
  readonly frames?: number;
  /**
   * Frames of a macro clip, on average.
   *
   * @default 12
   */
  readonly macroFrames?: number;
  /**
   * Strength of micro-expressions on average, as a share of the strongest possible movement; clips vary by about a fifth.
   *
   * @default 0.28
   */
  readonly microIntensity?: number;
  /**
   * Strength of macro-expressions.
   *
   * @default 0.95
   */
  readonly macroIntensity?: number;
  /**
   * Classes about as often as each other, or as seldom as in the real databases.
   *
   * @default "balanced"
   */
  readonly balance?: "balanced" | "real";
  /**
   * Whether to write `flow/`, the motion of every clip of the composite as a 28 x 28 picture.
   *
   * @default true
   */
  readonly flow?: boolean;
  /**
   * Replace synthetic databases of other settings or of another version that are in the folder.
   *
   * @default false
   */
  readonly replace?: boolean;
  /** Called after every clip. */
  readonly onProgress?: (progress: SynthProgress) => void;
}

/** How far {@linkcode synthesizeDatabases} has come. */
export interface SynthProgress {
  /** Clips done. */
  readonly done: number;
  /** Clips to make. */
  readonly total: number;
  /** The database at work. */
  readonly database: DatabaseName;
}

/** What {@linkcode synthesizeDatabases} made, or found made already. */
export interface SynthReport {
  /** The folder of each database. */
  readonly folders: Readonly<Partial<Record<DatabaseName, string>>>;
  /** The list of the composite, if it has a clip. */
  readonly compositeList?: string;
  /** The folder of flow pictures, if wanted. */
  readonly flow?: string;
  /** Clips on disk in each database, and in the composite. */
  readonly counts: Readonly<Partial<Record<DatabaseName | "composite", number>>>;
  /** What could not be made on this machine and why. */
  readonly notes: readonly string[];
  /** Whether equal databases were there already. */
  readonly reused: boolean;
}

interface Manifest {
  readonly generator: string;
  readonly version: number;
  readonly settings: Settings;
  readonly counts: Readonly<Record<string, number>>;
  readonly notes: readonly string[];
}

const generator = "Macro2Micro synthetic databases";
const manifestName = "synthetic.json";
const listName = "combined_3class_gt.csv";
const writers = {
  casme2: writeCasme2,
  smic: writeSmic,
  samm: writeSamm,
  ckplus: writeCkplus,
  mmi: writeMmi,
} satisfies Record<DatabaseName, (work: Work) => Promise<number>>;

/**
 * Writes miniature look-alikes of the five databases, in their true layouts and tables with their true oddities, of faces that
 * are drawn and not filmed: `casme2/`, `smic/`, `samm/`, `ckplus/`, `mmi/`, the composite's list and `flow/` below `root`.
 *
 * Everything is written into a folder beside `root` and then renamed, so that an interrupted run leaves nothing at `root`.
 * Equal databases that are there already are kept. The same options give the same bytes on the same kind of machine.
 *
 * @param root The folder to make; it must be absent, empty, or hold databases made by this function.
 * @param options
 * @throws {UserError} if `root` holds anything else, or synthetic databases of other settings without `replace`, or cannot be written.
 * @throws {RangeError} if an option is out of range.
 *
 * @example
 * ```ts
 * import { synthesizeDatabases } from "@macro2micro/mer/data";
 * import { assertEquals } from "@std/assert";
 *
 * const root = `${await Deno.makeTempDir()}/synthetic`;
 * const subjects = { casme2: 1, smic: 0, samm: 0, ckplus: 0, mmi: 0 };
 * const { counts } = await synthesizeDatabases(root, { subjects, clipsPerSubject: 2, size: 32, frames: 6 });
 * assertEquals(counts.casme2, 2);
 * await Deno.remove(root, { recursive: true });
 * ```
 */
export async function synthesizeDatabases(root: string, options: SynthOptions = {}): Promise<SynthReport> {
  const settings = checkSettings(options), home = resolve(root);
  const found = await lookAt(home, settings, options.replace ?? false);
  if (found.reuse !== undefined) return report(home, found.reuse, true);
  const aside = await folderBeside(home).catch((error) => {
    throw explained(home, error);
  });
  try {
    const manifest = await make(aside, settings, options.onProgress);
    await Deno.writeTextFile(join(aside, manifestName), `${JSON.stringify(manifest, null, 2)}\n`);
    await Deno.chmod(aside, 0o755).catch(() => {}); // made private as a temporary folder; Windows has no such thing
    if (found.replace) await Deno.remove(home, { recursive: true });
    try {
      await Deno.rename(aside, home);
    } catch (error) {
      // Another process may have made the same meanwhile.
      const other = await lookAt(home, settings, false);
      if (other.reuse === undefined) throw error;
      return report(home, other.reuse, true);
    }
    return report(home, manifest, false);
  } catch (error) {
    throw explained(home, error);
  } finally {
    await Deno.remove(aside, { recursive: true }).catch(() => {});
  }
}

async function folderBeside(home: string): Promise<string> {
  await Deno.mkdir(dirname(home), { recursive: true });
  return await Deno.makeTempDir({ dir: dirname(home), prefix: `.${basename(home)}.making-` });
}

/** A full disk, a folder that cannot be written to, and the like, in one sentence. */
function explained(home: string, error: unknown): unknown {
  const why = /^(.*\(os error \d+\))/.exec((error as Error).message)?.[1];
  return why === undefined ? error : new UserError(
    `Cannot make synthetic databases in ${home}: ${why}; free some space or give another folder`,
  );
}

async function make(
  folder: string,
  settings: Settings,
  onProgress?: SynthOptions["onProgress"],
): Promise<Manifest> {
  const isMicro = (name: DatabaseName) => name !== "ckplus" && name !== "mmi";
  const clipsOf = (name: DatabaseName) =>
    isMicro(name) ? settings.clipsPerSubject : settings.macroClipsPerSubject;
  const total = databaseNames.reduce((sum, name) => sum + settings.subjects[name] * clipsOf(name), 0);
  const counts: Record<string, number> = {}, notes: string[] = [], list: string[] = [];
  const flows: { readonly entry: FlowEntry; readonly pixels: Uint8Array }[] = [];
  let done = 0;
  for (const name of databaseNames) {
    if (settings.subjects[name] === 0) continue;
    counts[name] = await writers[name]({
      folder: join(folder, name),
      size: settings.size,
      random: seededRandom(`synthetic ${settings.seed}`).fork(name),
      subjects: settings.subjects[name],
      clips: clipsOf(name),
      strength: isMicro(name) ? settings.microIntensity : settings.macroIntensity,
      frames: isMicro(name) ? settings.frames : settings.macroFrames,
      balance: settings.balance,
      finished: () => onProgress?.({ done: ++done, total, database: name }),
      note: (text) => notes.push(text),
      composite: (entry) => {
        list.push(`${entry.database},${entry.subject},${entry.clip},${entry.label}\r\n`);
        if (settings.flow) flows.push({ entry: flowRow(entry), pixels: flowOf(entry) });
      },
    });
  }
  if (list.length > 0) {
    counts["composite"] = list.length;
    await Deno.writeTextFile(join(folder, listName), list.join(""));
    if (settings.flow) await writeFlow(join(folder, "flow"), flows);
  }
  return { generator, version: synthVersion, settings, counts, notes };
}

function report(home: string, manifest: Manifest, reused: boolean): SynthReport {
  const names = databaseNames.filter((name) => manifest.settings.subjects[name] > 0);
  const hasComposite = (manifest.counts["composite"] ?? 0) > 0;
  return {
    folders: Object.fromEntries(names.map((name) => [name, join(home, name)])),
    ...(hasComposite ? { compositeList: join(home, listName) } : {}),
    ...(hasComposite && manifest.settings.flow ? { flow: join(home, "flow") } : {}),
    counts: manifest.counts,
    notes: manifest.notes,
    reused,
  };
}

/** What is at the folder: nothing, equal databases to keep, others to replace; anything else is refused. */
async function lookAt(
  home: string,
  settings: Settings,
  replace: boolean,
): Promise<{ readonly reuse?: Manifest; readonly replace: boolean }> {
  const names: string[] = [];
  try {
    for await (const entry of Deno.readDir(home)) names.push(entry.name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return { replace: false };
    throw new UserError(`Cannot make synthetic databases in ${home}: it is not a folder; give another path`);
  }
  if (names.length === 0) return { replace: true };
  const manifest = await Deno.readTextFile(join(home, manifestName)).then((text) =>
    JSON.parse(text) as Manifest
  )
    .catch(() => undefined);
  const own = new Set<string>([...databaseNames, manifestName, listName, "flow"]);
  const foreign = names.filter((name) => !own.has(name));
  if (manifest?.generator !== generator || (replace && foreign.length > 0)) {
    throw new UserError(
      `Cannot make synthetic databases in ${home}: the folder holds something else (${(foreign[0] ??
        names[0])!}); give an empty or a new one`,
    );
  }
  const different = Object.entries(settings).filter(([key, value]) =>
    JSON.stringify(value) !== JSON.stringify(manifest.settings[key as keyof Settings])
  ).map(([key]) => key);
  if (manifest.version === synthVersion && different.length === 0) return { reuse: manifest, replace: false };
  if (replace) return { replace: true };
  const why = different.length > 0
    ? `other settings (${different.join(", ")})`
    : `version ${manifest.version} of the generator, which is now at ${synthVersion}`;
  throw new UserError(
    `Cannot make synthetic databases in ${home}: there are some of ${why}; give another folder or ask for them to be replaced`,
  );
}
