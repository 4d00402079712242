import { join } from "node:path";
import config from "../../deno.json" with { type: "json" };
import type { ResultFolder } from "./_folder.ts";
import { stepVersions } from "./_settings.ts";
import { cannotWrite } from "./_write.ts";

/**
 * Writes what says what was made of what: `flow/manifest.csv`, `<database>/apex.csv` and, last, `prepare.json`, a clip a line. Nothing
 * in them depends on the time or on the order of the work.
 */
export async function writeManifests(folder: ResultFolder): Promise<void> {
  const databases = await folder.databases();
  const head = {
    about: "made by m2m data prepare; docs/prepare.md explains it",
    versions: {
      macro2micro: config.version,
      steps: stepVersions,
      sharp: pinned("sharp"), // it brings its libvips
      faceApi: pinned("@vladmandic/face-api"),
    },
    databases,
  };
  const flow = ["file,database,subject,clip,label\n"];
  const apices = new Map<string, string[]>();
  const lines = new Lines(join(folder.path, "prepare.json"));
  await lines.write(`${JSON.stringify(head, null, 2).replace(/\n}$/, "")},\n  "clips": [\n`);
  let first = true;
  for await (const { record: { state: _, ...clip } } of folder.records()) {
    await lines.write(`${first ? "" : ",\n"}${JSON.stringify(clip)}`);
    first = false;
    if (clip.flow !== null) {
      const { file, database, subject, clip: name, label } = clip.flow;
      flow.push(`${file.slice("flow/".length)},${database},${subject},${name},${label}\n`);
    }
    const list = apices.get(clip.database) ?? [];
    apices.set(clip.database, list);
    if (clip.apex.origin === "spotted") list.push(`${clip.subject},${clip.clip},${clip.apex.frame}\n`);
  }
  for (const [database, list] of apices) {
    if (list.length > 0) await folder.put(`${database}/apex.csv`, `subject,clip,frame\n${list.join("")}`);
    else await folder.remove(`${database}/apex.csv`);
  }
  if (flow.length > 1) await folder.put("flow/manifest.csv", flow.join(""));
  await lines.end("\n  ]\n}\n");
}

/** A file written piece by piece, aside, and renamed at the end. */
class Lines {
  readonly #file: string;
  readonly #aside: string;
  #open: Deno.FsFile | undefined;

  constructor(file: string) {
    this.#file = file;
    this.#aside = `${file}.${Deno.hostname()}-${Deno.pid}.part`;
  }

  async write(text: string): Promise<void> {
    try {
      this.#open ??= await Deno.open(this.#aside, { write: true, create: true, truncate: true });
      const bytes = new TextEncoder().encode(text);
      for (let at = 0; at < bytes.length;) at += await this.#open.write(bytes.subarray(at));
    } catch (error) {
      this.#open?.close();
      await Deno.remove(this.#aside).catch(() => {});
      throw cannotWrite(this.#file, error);
    }
  }

  async end(text: string): Promise<void> {
    await this.write(text);
    this.#open?.close();
    await Deno.rename(this.#aside, this.#file);
  }
}

function pinned(name: "sharp" | "@vladmandic/face-api"): string {
  return config.imports[name].split("@").at(-1)!;
}
