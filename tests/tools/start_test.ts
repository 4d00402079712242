import { assertEquals, assertStringIncludes } from "@std/assert";
import { fileURLToPath } from "node:url";

const root = new URL("../../", import.meta.url);

Deno.test("start.ts passes arguments and the exit code through, from any folder", async () => {
  await withCopy(async (folder) => {
    await Deno.writeTextFile(`${folder}/program.ts`, "console.log(JSON.stringify(Deno.args)); Deno.exit(7);");
    const args = ["a b", "--config", "x", "*", ""];
    const { code, stdout } = await start(folder, ["run", `${folder}/program.ts`, ...args], { cwd: "/" });
    assertEquals(code, 7);
    assertEquals(JSON.parse(stdout), args);
  });
});

Deno.test("start.ts links the stand-ins where JSR does not answer, for two tasks started at once", async () => {
  await withCopy(async (folder) => {
    const program = `
      import { parse } from "@std/yaml";
      import { parseArgs } from "@std/cli/parse-args";
      import { assert } from "@std/assert";
      const { links } = JSON.parse(Deno.readTextFileSync(Deno.env.get("M2M_CONFIG")!));
      assert(links.length === 3);
      console.log(parseArgs(Deno.args).n, parse("a: [1, x]"));`;
    await Deno.writeTextFile(`${folder}/program.ts`, program);
    const both = await Promise.all(
      [1, 2].map((n) => start(folder, ["run", "-A", `${folder}/program.ts`, "--n", `${n}`])),
    );
    assertEquals(both.map(({ code }) => code), [0, 0], both.map(({ stderr }) => stderr).join());
    assertEquals(both.map(({ stdout }) => stdout), ['1 { a: [ 1, "x" ] }\n', '2 { a: [ 1, "x" ] }\n']);
  });
});

Deno.test("start.ts freezes the lock file where CI=true", async () => {
  await withCopy(async (folder) => {
    for (const [CI, frozen] of [["true", true], ["", false]] as const) {
      await start(folder, ["eval", "0"], { env: { CI } });
      assertEquals(JSON.parse(await Deno.readTextFile(`${folder}/deno.stand_ins.json`)).lock.frozen, frozen);
    }
  });
});

Deno.test("start.ts says which folder it cannot write to", async () => {
  await withCopy(async (folder) => {
    await Deno.mkdir(`${folder}/deno.stand_ins.json`);
    const { code, stderr } = await start(folder, ["eval", "0"]);
    assertEquals(code, 1);
    assertStringIncludes(stderr, `${folder}/deno.stand_ins.json: make its folder writable`);
  });
});

Deno.test("start.ts refuses a call without a command", async () => {
  for (const args of [[], ["--version"]]) {
    assertEquals((await start(fileURLToPath(root), args)).code, 2);
  }
});

Deno.test({
  name: "start.ts hands a SIGTERM to the program and ends with its exit code",
  ignore: Deno.build.os === "windows",
  fn: () =>
    withCopy(async (folder) => {
      const program = `
        Deno.addSignalListener("SIGTERM", () => Deno.exit(9));
        console.log("up");
        setTimeout(() => {}, 60_000);`;
      await Deno.writeTextFile(`${folder}/program.ts`, program);
      const child = command(folder, ["run", `${folder}/program.ts`]).spawn();
      const reader = child.stdout.getReader();
      await reader.read();
      child.kill("SIGTERM");
      assertEquals((await child.status).code, 9);
      await reader.cancel();
      await child.stderr.cancel();
    }),
});

interface StartOptions {
  readonly cwd?: string;
  readonly env?: Record<string, string>;
}

function command(
  folder: string,
  args: string[],
  { cwd = folder, env = {} }: StartOptions = {},
): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-config", "--no-lock", "-A", `${folder}/tools/start.ts`, ...args],
    cwd,
    env: { NO_COLOR: "1", CI: "", ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
}

async function start(folder: string, args: string[], options: StartOptions = {}) {
  const { code, stdout, stderr } = await command(folder, args, options).output();
  return { code, stdout: new TextDecoder().decode(stdout), stderr: new TextDecoder().decode(stderr) };
}

/** Calls `test` with a copy of what start.ts needs, in a folder with a space in its path, where JSR did not answer. */
async function withCopy(test: (folder: string) => Promise<void>): Promise<void> {
  const parent = await Deno.realPath(await Deno.makeTempDir());
  const folder = `${parent}/a folder`;
  try {
    const config = await Deno.readTextFile(new URL("deno.json", root));
    const imports: string[] = Object.values(JSON.parse(config).imports);
    const question = [Deno.version.deno, ...imports.filter((s) => s.startsWith("jsr:"))].join(" ");
    await Deno.mkdir(`${folder}/.m2m`, { recursive: true });
    await Deno.writeTextFile(`${folder}/.m2m/jsr.json`, JSON.stringify({ question, answer: false }));
    const standIns = ["assert", "cli", "yaml"].flatMap((name) => [`${name}/deno.json`, `${name}/mod.ts`]);
    const files = ["start.ts", "stand_ins/deno.lock", ...standIns.map((name) => `stand_ins/${name}`)];
    for (const file of ["deno.json", ...files.map((name) => `tools/${name}`)]) {
      await Deno.mkdir(`${folder}/${file}`.replace(/\/[^/]*$/, ""), { recursive: true });
      await Deno.copyFile(new URL(file, root), `${folder}/${file}`);
    }
    await test(folder);
  } finally {
    await Deno.remove(parent, { recursive: true });
  }
}
