import { basename, dirname, join, sep } from "node:path";
import { UserError } from "../../types.ts";
import { sha256 } from "../../sha256.ts";
import { sha256OfFile } from "./_digest.ts";
import type { Settings } from "./_settings.ts";
import type { ClipRecord, Written } from "./_task.ts";
import { cannotWrite, isAlive, sweep, writeWhole } from "./_write.ts";

/** What a run knows of a database beside its clips. */
export interface DatabaseRecord {
  readonly database: string;
  readonly edition: string;
  readonly settings: Settings;
  readonly classes: readonly string[];
  /** Tables and label files, copied. */
  readonly tables: readonly Written[];
  readonly leftOut: readonly { readonly clip: string; readonly why: string }[];
}

/** The folder of the results: `.prepare/` holds a record of each clip, `prepare.json` is there only when all is done. */
export class ResultFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** Takes the folder, which must be new, empty or of this kind, and free. */
  async open(): Promise<void> {
    const own = join(this.path, ".prepare");
    try {
      await Deno.mkdir(this.path, { recursive: true });
      const names: string[] = [];
      for await (const { name } of Deno.readDir(this.path)) names.push(name);
      if (names.length > 0 && !names.includes(".prepare")) {
        throw new UserError(
          `Cannot prepare into ${this.path}: the folder holds something else (${
            names.sort()[0]
          }); give an empty or a new one.`,
          2,
        );
      }
      await Deno.mkdir(own, { recursive: true });
    } catch (error) {
      throw error instanceof UserError ? error : cannotWrite(this.path, error);
    }
    const running = await Deno.readTextFile(join(own, "running")).catch(() => "");
    const [host, pid] = running.split(" ");
    if (running !== "" && (host !== Deno.hostname() || isAlive(Number(pid)))) {
      throw new UserError(
        `Cannot prepare into ${this.path}: process ${pid} on ${host} is at it; wait for it, or remove ${
          join(own, "running")
        } if it is no more.`,
      );
    }
    await writeWhole(join(own, "running"), `${Deno.hostname()} ${Deno.pid}`);
    await sweep(this.path);
  }

  /** Whether no clip has been prepared here yet. */
  async isEmpty(): Promise<boolean> {
    for await (const _ of this.records()) return false;
    return true;
  }

  /** Gives the folder back. */
  async close(): Promise<void> {
    await sweep(this.path).catch(() => {});
    await Deno.remove(join(this.path, ".prepare", "running")).catch(() => {});
  }

  /** From here on until `finish` the results are in the making: no manifest says otherwise. */
  async begin(): Promise<void> {
    await this.remove("prepare.json");
    await this.remove("flow/manifest.csv");
  }

  /** Whether a clip's record has this state and its files are there, whole. */
  async isDone(record: string, state: string, verify: boolean): Promise<boolean> {
    const found = await this.record(record);
    if (found === undefined || found.state !== state) return false;
    for (const { file, bytes, sha256: expected } of found.outputs) {
      const path = join(this.path, file);
      const { size } = await Deno.stat(path).catch(() => ({ size: -1 }));
      if (size !== bytes || (verify && sha256OfFile(path) !== expected)) return false;
    }
    return true;
  }

  /** What is known of the databases that were prepared here, by name. A damaged record is refused unless it is of one of `anew`, which will be written. */
  async databases(anew: readonly string[] = []): Promise<DatabaseRecord[]> {
    const names: string[] = [], records: DatabaseRecord[] = [];
    for await (const { name } of Deno.readDir(join(this.path, ".prepare"))) {
      if (name.endsWith(".json")) names.push(name);
    }
    for (const name of names.sort()) {
      const file = join(this.path, ".prepare", name);
      try {
        const record = JSON.parse(await Deno.readTextFile(file));
        if (!Array.isArray(record?.tables) || !Array.isArray(record.classes)) throw new Error("no record");
        records.push(record);
      } catch (error) {
        if (anew.includes(basename(name, ".json"))) continue;
        throw new UserError(
          `Cannot read ${file}: it is damaged (${(error as Error).message}); remove it and prepare ${
            basename(name, ".json")
          } again`,
        );
      }
    }
    return records;
  }

  /** A record, if it is there and whole. */
  async record(file: string): Promise<ClipRecord | undefined> {
    try {
      const record = JSON.parse(await Deno.readTextFile(join(this.path, file)));
      const isWhole = typeof record?.database === "string" && typeof record.state === "string" &&
        Array.isArray(record.outputs);
      return isWhole ? record : undefined;
    } catch {
      return undefined;
    }
  }

  /** Removes what a clip's old record names and `keep` does not. */
  async forget(record: string, keep: ReadonlySet<string> = new Set()): Promise<void> {
    for (const { file } of (await this.record(record))?.outputs ?? []) {
      if (!keep.has(file)) await this.remove(file);
    }
  }

  /** Every record below `.prepare/`, by database, subject and clip; one at a time, so that memory does not grow with their number. */
  async *records(): AsyncGenerator<{ file: string; record: ClipRecord }> {
    const names = async (folder: string) => {
      const list: string[] = [];
      for await (const { name } of Deno.readDir(join(this.path, folder))) list.push(name);
      return list.sort();
    };
    for (const database of await names(".prepare/clips").catch(() => [])) {
      for (const name of await names(`.prepare/clips/${database}`)) {
        const file = `.prepare/clips/${database}/${name}`, record = await this.record(file);
        if (record !== undefined) yield { file, record };
      }
    }
  }

  /** Removes a file of ours and the folders that it leaves empty. */
  async remove(file: string): Promise<void> {
    const path = join(this.path, file);
    if (!path.startsWith(join(this.path, sep))) return; // of a record that was tampered with: never a file of another folder
    try {
      await Deno.remove(path);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return;
      throw cannotWrite(path, error);
    }
    for (let folder = dirname(path); folder.startsWith(`${this.path}/`); folder = dirname(folder)) {
      if (await Deno.remove(folder).then(() => false, () => true)) break; // not empty
    }
  }

  /** Writes a file unless it holds the same already. */
  async put(file: string, content: Uint8Array | string): Promise<Written> {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    const path = join(this.path, file), hash = sha256(bytes);
    const same = await Deno.stat(path).then(
      async ({ size }) => size === bytes.length && await sha256OfFile(path) === hash,
      () => false,
    );
    if (!same) await writeWhole(path, bytes);
    return { file, bytes: bytes.length, sha256: hash };
  }
}
