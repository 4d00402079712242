// The database that is damaged: a copy of a synthetic one, its clips, frames and table at hand.
import { basename, dirname, join, relative } from "node:path";
import { readDatabase, synthesizeDatabases, writeXlsx, type XlsxCell } from "../../../data/mod.ts";
import { readSheets } from "../../../data/_table.ts";
import type { DatabaseName, Sample } from "../../../types.ts";

/** A database, or the composite with the three that it is drawn from. */
export type Whole = DatabaseName | "composite";

let made: Promise<string> | undefined;

/** Two subjects of three clips in each database; made once for a test file. */
export function healthy(): Promise<string> {
  made ??= (async () => {
    const folder = await Deno.makeTempDir({ prefix: "m2m damage " });
    globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
    const subjects = { casme2: 2, smic: 2, samm: 2, ckplus: 2, mmi: 2 };
    await synthesizeDatabases(`${folder}/healthy`, {
      subjects,
      clipsPerSubject: 4,
      macroClipsPerSubject: 4,
      size: 32,
      frames: 10,
      macroFrames: 8,
      flow: false,
    });
    return `${folder}/healthy`;
  })();
  return made;
}

/** What a clip is, apart from where its database lies: facts, and the bytes of its frames from onset to offset. */
export async function fingerprint(sample: Sample, root: string): Promise<string> {
  const { source, ...facts } = sample;
  const files = source.kind === "images"
    ? source.files.slice(sample.onset, sample.offset + 1)
    : [source.file];
  const hashes = await Promise.all(files.map(async (file) => {
    const bytes = await Deno.readFile(file).catch(() => new Uint8Array());
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    return `${relative(root, file).toLowerCase()} ${hash.toHex()}`;
  }));
  const turn = source.kind === "video" ? [source.frames, source.turn] : [];
  // The position of the first frame may move when one beside the clip is lost; that of the apex within the clip may not.
  const { onset, apex, offset, ...rest } = facts;
  return JSON.stringify([rest, apex - onset, offset - onset, turn, hashes]);
}

/** A clip of the patient. */
export interface PatientClip {
  /** `subject/clip`, as problems name it. */
  readonly name: string;
  /** Its folder. */
  readonly folder: string;
  /** Its frames from the first to the last on disk. */
  readonly files: readonly string[];
  readonly sample: Sample;
}

/** A copy of a healthy database that may be damaged. */
export class Patient {
  private constructor(
    readonly database: DatabaseName,
    readonly root: string,
    readonly clips: readonly PatientClip[],
  ) {}

  static async of(database: DatabaseName, root: string): Promise<Patient> {
    const { samples } = await readDatabase(database, root, { lenient: true });
    return new Patient(
      database,
      root,
      samples.map((sample) => {
        const files = sample.source.kind === "images" ? sample.source.files : [sample.source.file];
        return { name: `${sample.subject}/${sample.clip}`, folder: dirname(files[0]!), files, sample };
      }),
    );
  }

  /** The k-th clip of image files, by subject and name. */
  clip(k: number): PatientClip {
    return this.clips.filter(({ sample }) => sample.source.kind === "images")[k]!;
  }

  /** The clip that is a video. */
  video(): PatientClip {
    return this.clips.find(({ sample }) => sample.source.kind === "video")!;
  }

  /** A clip whose label, or whatever else, fits. */
  find(is: (clip: PatientClip) => boolean): PatientClip {
    return this.clips.find(is)!;
  }

  /** A path below the database. */
  path(...parts: string[]): string {
    return join(this.root, ...parts);
  }

  /** The coding table's file. */
  async table(): Promise<string> {
    for await (const { name } of Deno.readDir(this.root)) {
      if (/\.(xlsx|csv)$/.test(name)) return this.path(name);
    }
    throw new Error(`no table in ${this.root}`);
  }

  /** The table's rows: header, then one for each clip. */
  async rows(): Promise<XlsxCell[][]> {
    const { rows } = (await readSheets(await this.table()))[0]!;
    return rows.slice(rows.findIndex((row) => row[0] === "Subject")).map((row) =>
      row.map((cell) => cell as XlsxCell)
    );
  }

  /** Puts other rows into the table. */
  async write(rows: XlsxCell[][]): Promise<void> {
    const name = this.database === "smic" ? "HS" : this.database === "samm" ? "MICRO_ONLY" : "Sheet1";
    await Deno.writeFile(await this.table(), writeXlsx([{ name, rows }]));
  }

  /** Changes the cell of a clip in the column of that header. */
  async set(clip: PatientClip, header: string, value: XlsxCell): Promise<void> {
    const rows = await this.rows(), column = rows[0]!.indexOf(header);
    rows.find((row) =>
      row[1] === clip.sample.clip && clip.name.endsWith(`/${row[1]}`) && this.isSubject(row[0]!, clip)
    )![column] = value;
    await this.write(rows);
  }

  /** The row of a clip. */
  async row(clip: PatientClip): Promise<XlsxCell[]> {
    return (await this.rows()).find((row) => row[1] === clip.sample.clip && this.isSubject(row[0]!, clip))!;
  }

  /** Turns the table into a csv file of that text encoding. */
  async toCsv(
    options: { mark?: string; end?: string; encode?: (text: string) => Uint8Array; preamble?: string } = {},
  ): Promise<void> {
    const { mark = ",", end = "\n", encode = (text) => new TextEncoder().encode(text), preamble = "" } =
      options;
    const file = await this.table();
    const text = preamble +
      (await this.rows()).map((row) => row.map((cell) => cell === null ? "" : String(cell)).join(mark)).join(
        end,
      );
    await Deno.remove(file);
    await Deno.writeFile(file.replace(/xlsx$/, "csv"), encode(text));
  }

  private isSubject(cell: XlsxCell, clip: PatientClip): boolean {
    return String(cell).replace(/^0+/, "") === clip.sample.subject.replace(/^\D*0*/, "");
  }
}

/** Copies a folder. */
export async function copyFolder(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (isDirectory) await copyFolder(join(from, name), join(to, name));
    else await Deno.copyFile(join(from, name), join(to, name));
  }
}

/** The name of a file. */
export const nameOf = (file: string): string => basename(file);
