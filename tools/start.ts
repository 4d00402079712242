// Starts Deno for a task: plainly where the `jsr:` packages of deno.json can be had, otherwise with a generated
// config that links the stand-ins under tools/stand_ins/ (see docs/dependencies.md). Runs with --no-config --no-lock,
// because reading deno.json would already ask for the packages.
//   deno run --no-config --no-lock -A tools/start.ts DENO_ARGUMENTS...

const root = new URL("../", import.meta.url);
const answerFile = new URL(".m2m/jsr.json", root);
const standInConfig = new URL("deno.stand_ins.json", root);

/** Whether Deno can load the packages: asked once, with a limit of 2 s, and remembered per Deno version and deno.json. */
async function jsrAnswers(config: string): Promise<boolean> {
  const question = `${Deno.version.deno} ${hash(config)}`;
  try {
    const known = JSON.parse(await Deno.readTextFile(answerFile));
    if (known.question === question) return known.answer;
  } catch { /* not asked yet, or an unreadable answer: ask */ }
  const packages = Object.values(
    JSON.parse(config).imports as Record<string, string>,
  ).filter((s) => s.startsWith("jsr:"));
  const answer = await new Deno.Command(Deno.execPath(), {
    args: ["cache", "--no-config", "--no-lock", "--quiet", ...packages],
    stdout: "null",
    stderr: "null",
    signal: AbortSignal.timeout(2000),
  }).output().then((o) => o.success, () => false);
  await Deno.mkdir(new URL(".m2m/", root), { recursive: true });
  await writeWhole(answerFile, JSON.stringify({ question, answer }));
  return answer;
}

/** deno.json with the stand-ins linked and a lock file of its own. */
async function writeStandInConfig(config: string): Promise<void> {
  const text = JSON.stringify(
    {
      ...JSON.parse(config),
      links: [
        "./tools/stand_ins/assert",
        "./tools/stand_ins/cli",
        "./tools/stand_ins/yaml",
      ],
      lock: {
        path: "./tools/stand_ins/deno.lock",
        frozen: Deno.env.get("CI") === "true",
      },
    },
    null,
    2,
  );
  const old = await Deno.readTextFile(standInConfig).catch(() => "");
  if (old !== text) await writeWhole(standInConfig, text);
}

/** Written aside, then renamed: two tasks may start at once. */
async function writeWhole(file: URL, text: string): Promise<void> {
  const aside = new URL(`${file.href}.${Deno.pid}`);
  await Deno.writeTextFile(aside, text);
  await Deno.rename(aside, file);
}

function hash(text: string): number {
  let h = 2166136261;
  for (let i = 0; i < text.length; i++) {
    h = Math.imul(h ^ text.charCodeAt(i), 16777619) >>> 0;
  }
  return h;
}

const [command, ...rest] = Deno.args;
if (command === undefined) {
  console.error(
    "Cannot start Deno: no command was given. Usage: tools/start.ts DENO_ARGUMENTS...",
  );
  Deno.exit(2);
}
const config = await Deno.readTextFile(new URL("deno.json", root));
let args = [command, ...rest];
if (!(await jsrAnswers(config))) {
  await writeStandInConfig(config);
  args = [command, "--config", standInConfig.pathname, ...rest];
}
const child = new Deno.Command(Deno.execPath(), {
  args,
  env: { M2M_STARTED: "1" },
}).spawn();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  // The terminal sends Ctrl-C to the whole group; the child decides how to end.
  Deno.addSignalListener(signal, () => {
    if (signal === "SIGTERM") {
      try {
        child.kill(signal);
      } catch { /* it has ended already */ }
    }
  });
}
Deno.exit((await child.status).code);
