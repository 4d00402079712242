// Peak memory (without the search for faces, whose networks take the same for every clip) of `m2m data prepare` by the number of clips: the command and its one worker, each clip the same size. Linux only (/proc).
//   deno task deno run -A bench/data/prepare_memory.ts [CLIPS...]      12 48 192 384 by default
import { synthesizeDatabases } from "../../data/mod.ts";

/** Notes the greatest resident memory so far, MB, of a process and of all that it started. */
function notePeaks(pid: number, highest: Map<number, number>): void {
  const own = Number(/VmHWM:\s+(\d+)/.exec(Deno.readTextFileSync(`/proc/${pid}/status`))?.[1] ?? 0) / 1024;
  highest.set(pid, Math.max(own, highest.get(pid) ?? 0));
  for (const { name } of Deno.readDirSync(`/proc/${pid}/task`)) { // a child belongs to the thread that started it
    const children = Deno.readTextFileSync(`/proc/${pid}/task/${name}/children`).trim();
    for (const child of children.split(" ").filter(Boolean)) notePeaks(Number(child), highest);
  }
}

const folder = await Deno.makeTempDir(), config = Deno.env.get("M2M_CONFIG");
const clips = Deno.args.length > 0 ? Deno.args.map(Number) : [12, 48, 192, 384];
for (const subjects of clips.map((count) => Math.ceil(count / 6))) {
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
  const highest = new Map<number, number>();
  const timer = setInterval(() => {
    try {
      notePeaks(child.pid, highest);
    } catch { /* a process has just ended */ }
  }, 50);
  const { success } = await child.status;
  clearInterval(timer);
  if (!success) throw new Error("prepare failed; what it said is above");
  const [command, ...others] = [...highest.values()];
  console.log(
    `${6 * subjects} clips: command ${command?.toFixed(0)} MB, ${
      others.map((peak) => `worker ${peak.toFixed(0)} MB`).join(", ") || "no worker was seen"
    }`,
  );
}
await Deno.remove(folder, { recursive: true });
