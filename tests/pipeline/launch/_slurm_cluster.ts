// A Slurm of our own for tests: munged, slurmctld and two slurmd on this machine, with a key, ports and folders of their own. It needs no
// systemd and no cgroups, touches nothing of an installed Slurm, and ends with this process, even if that is killed.

/** A running cluster of two nodes on this machine. */
export interface SlurmCluster {
  /** What programs need to find it. */
  readonly env: Readonly<Record<string, string>>;
  /** Runs a command of Slurm and gives its output. */
  readonly run: (program: string, ...args: string[]) => Promise<string>;
  /** Ends all jobs and daemons and removes the folder. */
  readonly stop: () => Promise<void>;
}

const programs = ["munged", "slurmctld", "slurmd", "sbatch", "squeue", "scancel", "sinfo"];

/** Why no cluster can be started here, or undefined if one can. */
export function noSlurm(): string | undefined {
  if (Deno.build.os !== "linux") return "Slurm runs on Linux";
  const folders = [...(Deno.env.get("PATH") ?? "").split(":"), "/usr/sbin", "/sbin"];
  const missing = programs.filter((name) => !folders.some((folder) => exists(`${folder}/${name}`)));
  if (missing.length > 0) return `not installed: ${missing.join(", ")} (Debian: slurm-wlm, munge)`;
  return Deno.uid() === 0 ? undefined : "slurmd needs root";
}

/** Starts a cluster of two nodes with `cpus` processors each, and waits until they are idle. */
export async function startSlurm({ cpus = 2 }: { cpus?: number } = {}): Promise<SlurmCluster> {
  const folder = await Deno.makeTempDir({ prefix: "m2m-slurm-" });
  await Deno.chmod(folder, 0o711); // munge wants its socket to be reached by everybody
  for (const name of ["state", "spool-m2m1", "spool-m2m2"]) await Deno.mkdir(`${folder}/${name}`);
  await Deno.writeFile(`${folder}/munge.key`, crypto.getRandomValues(new Uint8Array(128)), { mode: 0o400 });
  await Deno.writeTextFile(`${folder}/slurm.conf`, configuration(folder, cpus, freePorts(3)));
  const path = `${Deno.env.get("PATH")}:/usr/sbin:/sbin`;
  const env = { PATH: path, SLURM_CONF: `${folder}/slurm.conf` };
  const daemons: Deno.ChildProcess[] = [];
  const start = (...command: string[]) => daemons.push(daemon(command, env, folder));

  const run = async (program: string, ...args: string[]) => {
    const { stdout, stderr } = await new Deno.Command(program, {
      args,
      env,
      signal: AbortSignal.timeout(20_000),
    }).output();
    return new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  };
  const stop = async () => {
    await run("scancel", "--user=root").catch(() => {});
    await until(async () => (await run("squeue", "--noheader")) === "" || undefined, 10).catch(() => {});
    for (const { stdin } of daemons.reverse()) await stdin.close().catch(() => {}); // each ends its daemon then
    await Promise.all(daemons.map(({ status }) => status));
    await Deno.remove(folder, { recursive: true });
  };
  try {
    start(
      "munged",
      "--foreground",
      ...["key-file=munge.key", "socket=munge.sock", "pid-file=munge.pid", "seed-file=munge.seed"]
        .map((option) => `--${option.replace("=", `=${folder}/`)}`),
    );
    await until(() => Promise.resolve(exists(`${folder}/munge.sock`) || undefined), 20);
    start("slurmctld", "-D", "-c");
    for (const node of ["m2m1", "m2m2"]) start("slurmd", "-D", "-N", node);
    await until(
      async () => (await run("sinfo", "--noheader", "--format=%T")).trim() === "idle" || undefined,
      40,
    );
  } catch (error) {
    const logs = await Promise.all(
      [...Deno.readDirSync(folder)].filter(({ name }) => name.endsWith(".log"))
        .map(async ({ name }) => `${name}: ${(await Deno.readTextFile(`${folder}/${name}`)).slice(-2000)}`),
    );
    await stop();
    throw new Error(`the cluster did not start: ${(error as Error).message}\n${logs.join("\n")}`);
  }
  return { env, run, stop };
}

function configuration(folder: string, cpus: number, [controller, first, second]: number[]): string {
  return `ClusterName=m2m
SlurmctldHost=${Deno.hostname()}(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=${folder}/munge.sock
CredType=cred/munge
SlurmctldPort=${controller}
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool-%n
SlurmctldPidFile=${folder}/slurmctld.pid
SlurmdPidFile=${folder}/slurmd-%n.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SlurmdParameters=config_overrides
ReturnToService=2
KillWait=2
SchedulerParameters=batch_sched_delay=0,sched_interval=5,sched_min_interval=0
NodeName=m2m1 NodeHostname=${Deno.hostname()} NodeAddr=127.0.0.1 Port=${first} CPUs=${cpus} State=UNKNOWN
NodeName=m2m2 NodeHostname=${Deno.hostname()} NodeAddr=127.0.0.1 Port=${second} CPUs=${cpus} State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
`;
}

/**
 * A daemon in the foreground, under a shell that ends it when its own standard input is closed: by us, or because this process has died.
 * It is killed if it doesn't end within five seconds.
 */
function daemon(command: string[], env: Record<string, string>, folder: string): Deno.ChildProcess {
  const script = '"$@" </dev/null >>"$LOG" 2>&1 & pid=$!\n' +
    "read -r _\nkill $pid\nfor _ in $(seq 50); do kill -0 $pid 2>/dev/null || exit 0; sleep 0.1; done\nkill -9 $pid";
  return new Deno.Command("bash", {
    args: ["-c", script, "daemon", ...command],
    env: {
      ...env,
      LOG: `${folder}/${command[0]}${command.at(-1)?.startsWith("m2m") ? `-${command.at(-1)}` : ""}.log`,
    },
    stdin: "piped",
    stdout: "null",
    stderr: "null",
    detached: true, // Ctrl-C in a terminal comes to the tests, which then close it
  }).spawn();
}

/** Ports that nobody uses now. */
function freePorts(n: number): number[] {
  const listeners = Array.from({ length: n }, () => Deno.listen({ hostname: "127.0.0.1", port: 0 }));
  const ports = listeners.map(({ addr }) => (addr as Deno.NetAddr).port);
  for (const listener of listeners) listener.close();
  return ports;
}

/** Waits until there is something, and gives it. */
export async function until<T>(look: () => Promise<T | undefined>, seconds: number): Promise<T> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > end) throw new Error(`not so within ${seconds} s: ${look}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path) !== undefined;
  } catch {
    return false;
  }
}
