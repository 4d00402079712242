// Peak memory (without the search for faces, whose networks take the same for every clip) of `m2m data prepare` by the number of clips: the command and its one worker, each clip the same size. Linux only (/proc).
//   deno task deno run -A bench/data/prepare_memory.ts
import { synthesizeDatabases } from "../../data/mod.ts";

/** Greatest resident memory so far, MB, of a process and of its children. */
function peaks(pid: number): number[] {
  const own = /VmHWM:\s+(\d+)/.exec(Deno.readTextFileSync(`/proc/${pid}/status`))?.[1] ?? 0;
  const threads = [...Deno.readDirSync(`/proc/${pid}/task`)].map(({ name }) => name);
  const children = threads.flatMap((thread) =>
    Deno.readTextFileSync(`/proc/${pid}/task/${thread}/children`).trim().split(" ").filter(Boolean)
  );
  return [Number(own) / 1024, ...children.flatMap((child) => peaks(Number(child)))];
}

const folder = await Deno.makeTempDir(), config = Deno.env.get("M2M_CONFIG");
for (const subjects of [2, 8, 32]) {
  const data = `${folder}/data${subjects}`;
  await synthesizeDatabases(data, {
    subjects: { casme2: 0, smic: subjects, samm: 0, ckplus: 0, mmi: 0 },
    size: 64,
    flow: false,
  });
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...[
        "run",
        "-A",
        "--quiet",
        ...(config ? ["--config", config] : []),
        new URL("../../cli.ts", import.meta.url).pathname,
      ],
      ...[
        "data",
        "prepare",
        "--data",
        data,
        "--out",
        `${folder}/out${subjects}`,
        "--cache",
        `${folder}/cache${subjects}`,
        "--quiet",
        "--align",
        "none",
      ],
    ],
    stdout: "null",
  }).spawn();
  let highest: number[] = [];
  const timer = setInterval(() => {
    try {
      highest = peaks(child.pid).map((now, i) => Math.max(now, highest[i] ?? 0));
    } catch { /* a process has just ended */ }
  }, 50);
  await child.status;
  clearInterval(timer);
  console.log(
    `${6 * subjects} clips: command ${highest[0]?.toFixed(0)} MB, worker ${highest[1]?.toFixed(0)} MB`,
  );
}
await Deno.remove(folder, { recursive: true });
