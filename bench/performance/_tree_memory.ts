import { UserError } from "../../types.ts";

/** Megabytes that a process and all processes below it hold in memory at once: the most that was seen, 20 times a second. Linux only. */
export async function treeMemory(child: Deno.ChildProcess): Promise<number> {
  if (Deno.build.os !== "linux") throw new UserError("Memory is measured through /proc, on Linux only.");
  let most = 0, ended = false;
  const end = child.status.then(() => ended = true);
  while (!ended) {
    most = Math.max(most, heldBy(child.pid));
    await Promise.race([end, new Promise((resolve) => setTimeout(resolve, 50))]);
  }
  return most;
}

function heldBy(root: number): number {
  const parents = new Map<number, number>();
  for (const { name } of Deno.readDirSync("/proc")) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    const stat = readText(`/proc/${name}/stat`);
    // The name stands in parentheses and may hold anything: what counts comes after it.
    const [, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    parents.set(pid, Number(parent));
  }
  const below = (pid: number): boolean => {
    for (let p: number | undefined = pid; p !== undefined && p > 1; p = parents.get(p)) {
      if (p === root) return true;
    }
    return false;
  };
  let kilobytes = 0;
  for (const pid of parents.keys()) {
    if (!below(pid)) continue;
    kilobytes += Number(/^VmRSS:\s+(\d+) kB/m.exec(readText(`/proc/${pid}/status`))?.[1] ?? 0);
  }
  return kilobytes / 1024;
}

/** Empty where the process has ended meanwhile. */
function readText(file: string): string {
  try {
    return Deno.readTextFileSync(file);
  } catch {
    return "";
  }
}
