// Runs of `m2m run` as processes, and what they leave, for the benches and tests of runs.
import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";

const cli = fileURLToPath(new URL("../../cli.ts", import.meta.url));

/** The process of `m2m run FILE --resume ...`. */
export function startRun(
  pipeline: string,
  { data, cache, out, jobs = 2, more = ["--quiet"] }: {
    data: string;
    cache: string;
    out: string;
    jobs?: number;
    more?: readonly string[];
  },
): Deno.ChildProcess {
  const config = Deno.env.get("M2M_CONFIG");
  const own = ["--data", data, "--out", out, "--jobs", String(jobs), "--resume"];
  return new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-A", "--quiet", ...(config === undefined ? [] : ["--config", config])],
      ...[cli, "run", pipeline, ...own, ...more],
    ],
    env: { M2M_CACHE: cache },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** How a process ended, and what it said on standard error. */
export async function ended(child: Deno.ChildProcess): Promise<{ code: number; stderr: string }> {
  const { code, stderr } = await child.output();
  return { code, stderr: new TextDecoder().decode(stderr) };
}

/** The processes that work on a run folder's jobs, as Linux lists them. */
export function workersOf(run: string): number[] {
  return [...Deno.readDirSync("/proc")].filter(({ name }) => /^\d+$/.test(name)).flatMap(({ name }) => {
    try {
      const words = Deno.readTextFileSync(`/proc/${name}/cmdline`).split("\0");
      return words.some((word) => word.endsWith("_worker.ts")) && words.includes(run) ? [Number(name)] : [];
    } catch {
      return []; // it has ended meanwhile
    }
  });
}

/** Every file below a folder with its SHA-256, by path; those that tell when, by which command or how fast a run was made are left out. */
export async function runTree(folder: string, below = ""): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  const entries = [...Deno.readDirSync(`${folder}${below}`)].sort((a, b) => a.name < b.name ? -1 : 1);
  for (const { name, isDirectory } of entries) {
    const path = `${below}/${name}`;
    if (isDirectory) Object.assign(files, await runTree(folder, path));
    else if (!/\/(run\.json|timing\.json|report\.html|jobs\/.*)$/.test(path)) {
      files[path.slice(1)] = createHash("sha256").update(await Deno.readFile(folder + path)).digest("hex");
    }
  }
  return files;
}
