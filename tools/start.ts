// Starts Deno for a task: with deno.json where its `jsr:` packages can be had, otherwise with a generated config that
// links the stand-ins under tools/stand_ins/ (see docs/dependencies.md). Runs with --no-config --no-lock, because
// reading deno.json would already ask for the packages. The child finds the chosen config's path in M2M_CONFIG, and
// passes it on with --config when it starts Deno itself.
//   deno run --no-config --no-lock -A tools/start.ts DENO_COMMAND ARGUMENTS...
import { fileURLToPath } from "node:url";

const root = new URL("../", import.meta.url);
const plainConfig = new URL("deno.json", root);
const standInConfig = new URL("deno.stand_ins.json", root);
const answerFile = new URL(".m2m/jsr.json", root);
const standIns = ["assert", "cli", "yaml"];

/** Whether Deno can load the packages: asked once, with a limit of 2 s, and remembered. Delete the file to ask again. */
async function jsrAnswers(imports: Record<string, string>): Promise<boolean> {
  const packages = Object.values(imports).filter((s) => s.startsWith("jsr:"));
  const question = [Deno.version.deno, ...packages].join(" ");
  try {
    const known = JSON.parse(await Deno.readTextFile(answerFile));
    if (known.question === question) return known.answer === true;
  } catch { /* not asked yet, or an unreadable answer: ask */ }
  const answer = await new Deno.Command(Deno.execPath(), {
    args: ["cache", "--no-config", "--no-lock", "--quiet", ...packages],
    stdout: "null",
    stderr: "null",
    signal: AbortSignal.timeout(2000),
  }).output().then((o) => o.success, () => false);
  try {
    await Deno.mkdir(new URL(".", answerFile), { recursive: true });
    await writeWhole(answerFile, JSON.stringify({ question, answer }));
  } catch { /* a folder that can't be written: ask again next time */ }
  return answer;
}

/** deno.json with the stand-ins linked (and in the dry run of publishing, which they are modules of), and its own lock file. */
async function writeStandInConfig(config: Record<string, unknown>): Promise<void> {
  const links = standIns.map((name) => `./tools/stand_ins/${name}`);
  const lock = { path: "./tools/stand_ins/deno.lock", frozen: Deno.env.get("CI") === "true" };
  const published = config.publish as { include: string[] };
  const publish = { ...published, include: [...published.include, "tools/stand_ins"] };
  const text = JSON.stringify({ ...config, links, lock, publish }, null, 2);
  const old = await Deno.readTextFile(standInConfig).catch(() => "");
  if (old !== text) await writeWhole(standInConfig, text);
}

/** Written aside, then renamed: two tasks may start at once. */
async function writeWhole(file: URL, text: string): Promise<void> {
  const aside = new URL(`${file.href}.${Deno.pid}`);
  await Deno.writeTextFile(aside, text);
  await Deno.rename(aside, file);
}

const [command, ...rest] = Deno.args;
if (command === undefined || command.startsWith("-")) {
  console.error("Cannot start Deno: the first argument must be one of its commands (run, test, ...)");
  Deno.exit(2);
}
const config = JSON.parse(await Deno.readTextFile(plainConfig));
const plain = await jsrAnswers(config.imports);
const chosen = fileURLToPath(plain ? plainConfig : standInConfig);
if (!plain) {
  try {
    await writeStandInConfig(config);
  } catch (error) {
    console.error(`Cannot write ${chosen}: make its folder writable (${(error as Error).message})`);
    Deno.exit(1);
  }
}
const child = new Deno.Command(Deno.execPath(), {
  args: [command, "--config", chosen, ...rest],
  env: { M2M_CONFIG: chosen },
}).spawn();
// The terminal sends Ctrl-C to the child too, which decides how to end; other signals come to this process alone.
Deno.addSignalListener("SIGINT", () => {});
if (Deno.build.os !== "windows") {
  for (const signal of ["SIGTERM", "SIGHUP"] as const) {
    Deno.addSignalListener(signal, () => {
      try {
        child.kill(signal);
      } catch { /* it has ended already */ }
    });
  }
}
Deno.exit((await child.status).code);
