// Kills `m2m data prepare` (kill -9) at random moments, lets it run again each time, and compares results and cache with those of a run that was
// not interrupted, byte for byte.
//   deno task deno run -A bench/data/kill_prepare.ts [KILLS]      10 by default
import { tree } from "../../tests/data/prepare/_small.ts";
import { synthesizeDatabases } from "../../data/mod.ts";
import { seededRandom } from "../../engine/mod.ts";

/** What a trial found: when it was killed, and the names of files that differ in the end. */
export interface KillTrial {
  readonly afterMs: number;
  readonly killed: boolean;
  readonly different: readonly string[];
}

/** Runs prepare on the databases below `data`, killed `kills` times at random moments; a cache and a folder of their own for each. */
export async function killPrepare(data: string, kills: number, seed: number): Promise<KillTrial[]> {
  const folder = await Deno.makeTempDir();
  const start = (name: string) => {
    const config = Deno.env.get("M2M_CONFIG");
    return new Deno.Command(Deno.execPath(), {
      args: [
        ...[
          "run",
          "-A",
          "--quiet",
          ...(config ? ["--config", config] : []),
          new URL("../../cli.ts", import.meta.url).href,
        ],
        ...[
          "data",
          "prepare",
          "--data",
          data,
          "--out",
          `${folder}/${name}/out`,
          "--cache",
          `${folder}/${name}/cache`,
        ],
        ...["--align", "none", "--size", "48", "--frames", "6", "--jobs", "2", "--quiet"],
      ],
      stdout: "null",
      stderr: "inherit",
    }).spawn();
  };
  const finish = async (name: string) => {
    const { code } = await start(name).status;
    if (code !== 0) throw new Error(`prepare ended with exit code ${code}`);
    return await tree(`${folder}/${name}`);
  };
  const begun = performance.now();
  const whole = await finish("whole"), takes = performance.now() - begun;
  const random = seededRandom(seed), trials: KillTrial[] = [];
  for (let k = 0; k < kills; k++) {
    const child = start(`trial${k}`), afterMs = Math.round(takes * (0.15 + 0.8 * random.next()));
    const timer = setTimeout(() => {
      try {
        child.kill("SIGKILL");
      } catch { /* it has ended already */ }
    }, afterMs);
    const { signal } = await child.status;
    clearTimeout(timer);
    const found = await finish(`trial${k}`);
    const names = new Set([...Object.keys(whole), ...Object.keys(found)]);
    trials.push({
      afterMs,
      killed: signal === "SIGKILL",
      different: [...names].filter((name) => whole[name] !== found[name]).sort(),
    });
  }
  await Deno.remove(folder, { recursive: true });
  return trials;
}

if (import.meta.main) {
  const data = `${await Deno.makeTempDir()}/synthetic`;
  const subjects = { casme2: 4, smic: 4, samm: 4, ckplus: 0, mmi: 0 };
  await synthesizeDatabases(data, { subjects, clipsPerSubject: 4, size: 64, flow: false });
  const trials = await killPrepare(data, Number(Deno.args[0] ?? 10), Date.now() % 100000);
  for (const { afterMs, killed, different } of trials) {
    console.log(
      `${killed ? "killed" : "ended by itself"} after ${afterMs} ms: ${
        different.length === 0
          ? "equal byte for byte"
          : `${different.length} files differ: ${different.slice(0, 3).join(", ")}`
      }`,
    );
  }
  const bad = trials.filter(({ different }) => different.length > 0).length;
  console.log(
    `${trials.filter(({ killed }) => killed).length} kills, ${bad} ended otherwise than an uninterrupted run`,
  );
  Deno.exit(bad > 0 ? 1 : 0);
}
