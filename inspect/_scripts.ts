import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { sha256 } from "../sha256.ts";
import { UserError } from "../types.ts";

/** The two programs of the page: what draws, and what computes. */
export interface Scripts {
  /** Of the page itself. */
  readonly "page.js": Uint8Array;
  /** Of its worker. */
  readonly "worker.js": Uint8Array;
}

const names = ["page.js", "worker.js"] as const;
const entries = ["page/page.tsx", "page/worker.ts"] as const;
/** Where a published package has them ready. */
const ready = new URL("./built/", import.meta.url);
/** The folders whose modules the page may take in; more than it does, so that none is forgotten. */
const folders = ["inspect", "predict", "page", "engine", "models", "losses", "data", "pipeline"];

/**
 * The page's programs: those that lie ready if they were made from these very sources, or else made by `deno bundle` and kept in `cache`
 * under the hash of the sources.
 *
 * @throws {UserError} if they have to be made and cannot.
 */
export async function scripts(cache: string): Promise<Scripts> {
  const local = ready.protocol === "file:";
  const digest = local ? sourcesDigest() : undefined;
  const made = await read(ready).catch(() => undefined);
  if (made !== undefined && (!local || made.digest === digest)) return made.scripts;
  if (digest === undefined) {
    throw new UserError(`Cannot read the inspector's page at ${ready}; install the package again.`);
  }
  const folder = join(cache, digest.slice(0, 16));
  const kept = await read(folder).catch(() => undefined);
  if (kept?.digest === digest) return kept.scripts;
  await bundle(folder, digest);
  return (await read(folder)).scripts;
}

/**
 * Bundles the page into a folder, which appears whole or not at all.
 *
 * @throws {UserError} if Deno cannot bundle it or the folder cannot be written.
 */
export async function bundle(folder: string, digest: string = sourcesDigest()): Promise<void> {
  const aside = `${folder}.${crypto.randomUUID()}.part`;
  try {
    await Deno.mkdir(aside, { recursive: true });
    for (const [i, name] of names.entries()) await bundleOne(entries[i]!, join(aside, name));
    await Deno.writeTextFile(join(aside, "sources.txt"), `${digest}\n`);
    await Deno.remove(folder, { recursive: true }).catch(() => {});
    await Deno.rename(aside, folder);
  } catch (error) {
    await Deno.remove(aside, { recursive: true }).catch(() => {});
    if (error instanceof UserError) throw error;
    throw new UserError(
      `Cannot write the inspector's page to ${folder}: ${
        (error as Error).message
      }; make its folder writable.`,
    );
  }
}

async function bundleOne(entry: string, out: string): Promise<void> {
  const config = Deno.env.get("M2M_CONFIG") ?? fileURLToPath(new URL("../deno.json", import.meta.url));
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["bundle", "--quiet", "--config", config, "--platform", "browser", "--minify", "--output", out],
      fileURLToPath(new URL(entry, import.meta.url)),
    ],
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  const said = new TextDecoder().decode(stderr).trim();
  if (code !== 0) {
    throw new UserError(
      `Cannot make the inspector's page: deno bundle failed (${
        said.split("\n").slice(0, 3).join(" ")
      }). The first time it takes its ` +
        `bundler from the npm registry: connect once, or copy a folder made by m2m inspect --out on a machine that can.`,
    );
  }
  // A browser cannot load these: a module that needs Deno or Node has come into the page.
  const outside = (await Deno.readTextFile(out)).match(
    /(?:\bfrom|\bimport|\brequire\()\s*["'](?:node|npm|jsr):[^"']*/,
  );
  if (outside !== null) throw new Error(`Cannot bundle ${entry}: it imports ${outside[0]}`);
}

async function read(folder: string | URL): Promise<{ digest: string; scripts: Scripts }> {
  const file = async (name: string) => {
    if (!(folder instanceof URL) || folder.protocol === "file:") {
      return await Deno.readFile(folder instanceof URL ? new URL(name, folder) : join(folder, name));
    }
    const response = await fetch(new URL(name, folder));
    if (!response.ok) throw new Error(`the server answers ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  };
  const digest = new TextDecoder().decode(await file("sources.txt")).trim();
  return { digest, scripts: { "page.js": await file("page.js"), "worker.js": await file("worker.js") } };
}

/** The hash of everything that the page may be made from. */
function sourcesDigest(): string {
  const parts: string[] = [Deno.version.deno];
  const take = (path: string) =>
    parts.push(path, Deno.readTextFileSync(new URL(`../${path}`, import.meta.url)));
  const walk = (folder: string) => {
    const list = [...Deno.readDirSync(new URL(`../${folder}/`, import.meta.url))];
    for (const { name, isDirectory } of list.sort((a, b) => a.name < b.name ? -1 : 1)) {
      if (isDirectory && name !== "built") walk(`${folder}/${name}`);
      else if (/\.tsx?$/.test(name)) take(`${folder}/${name}`);
    }
  };
  for (const file of ["deno.json", "types.ts", "nearest.ts", "sha256.ts"]) take(file);
  for (const folder of folders) walk(folder);
  return sha256(new TextEncoder().encode(parts.join("\0")));
}
