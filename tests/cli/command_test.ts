// What the command prints and how it ends, in processes of its own as a user has them.
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { pipelineJsonSchema } from "../../pipeline/mod.ts";
import { commandArgs } from "../_engine.ts";
import { testFolder, tinyPipeline } from "../pipeline/_tiny.ts";

function command(args: string[], cwd = testFolder()): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args: commandArgs(...args),
    cwd,
    env: { M2M_CACHE: `${testFolder()}/cache` },
    stdout: "piped",
    stderr: "piped",
  });
}

async function m2m(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const { code, stdout, stderr } = await command(args).output();
  const text = new TextDecoder();
  return { code, out: text.decode(stdout), err: text.decode(stderr) };
}

Deno.test("m2m without a command is wrong use; --help is not", async () => {
  const [none, help, runHelp] = await Promise.all([m2m(), m2m("--help"), m2m("run", "--help")]);
  assertEquals([none.code, help.code, runHelp.code], [2, 0, 0]);
  assertEquals(help.out, none.out);
  for (const name of ["run", "score", "data synth", "engine", "schema"]) {
    assertStringIncludes(help.out, `m2m ${name}`);
  }
});

Deno.test("m2m schema prints the JSON Schema, m2m engine --json the engines", async () => {
  const [schema, engine] = await Promise.all([m2m("schema"), m2m("engine", "--json")]);
  assertEquals(JSON.parse(schema.out), JSON.parse(JSON.stringify(pipelineJsonSchema())));
  const names = JSON.parse(engine.out).map(({ name }: { name: string }) => name);
  assertEquals(names, ["native", "wasm", "cpu", "webgpu"]);
});

Deno.test("m2m score pools files: results on standard output alone, as a table or as JSON", async () => {
  await Deno.writeTextFile(`${testFolder()}/a.log`, "casme2 sub01\nEP1 0 0\nEP2 1 1\n");
  await Deno.writeTextFile(
    `${testFolder()}/b log.csv`,
    "database,subject,clip,truth,prediction,p0,p1,p2\nsmic,s01,x,2,0,1,0,0\n",
  );
  const [table, json] = await Promise.all([
    m2m("score", "a.log", "b log.csv"),
    m2m("score", "a.log", "b log.csv", "--json"),
  ]);
  assertEquals([table.code, table.err, json.code, json.err], [0, "", 0, ""]);
  const scores = JSON.parse(json.out);
  // F1 of the three classes: 2/3, 1, 0; recalls: 1, 1, 0
  assertEquals([scores.n, scores.accuracy, scores.uf1, scores.uar], [3, 2 / 3, (2 / 3 + 1) / 3, 2 / 3]);
  assertMatch(table.out, /pooled +0\.5556 +0\.6667 +0\.6667/);
});

Deno.test("m2m run works with relative paths that have spaces, and leaves only results on standard output", async () => {
  const pipeline = tinyPipeline({
    macro: undefined,
    losses: {},
    stages: { micro: { steps: 1 }, guided: { steps: 1 } },
  });
  await Deno.writeTextFile(`${testFolder()}/my pipeline.yaml`, JSON.stringify(pipeline));
  const { code, out, err } = await m2m(
    "run",
    "my pipeline.yaml",
    "--data",
    "my data",
    "--out",
    "my run/",
    "--seeds",
    "2..3,9",
    "--json",
  );
  assertEquals(code, 0, err);
  const result = JSON.parse(out);
  assertEquals(result.full.n, 6);
  assertEquals(result.overSeeds[0].seeds, [2, 3, 9]);
  assertStringIncludes(err, "fold smic/s20 (seed 9) done in");
  const run = JSON.parse(await Deno.readTextFile(`${testFolder()}/my run/run.json`));
  assertEquals(run.command.slice(0, 3), ["m2m", "run", "my pipeline.yaml"]);
});

Deno.test({
  name: "Ctrl-C stops a run with a sentence, whatever it is at, and keeps what is done",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    const long = { steps: 100000, batch: 2 };
    const pipeline = tinyPipeline({ stages: { macro: { steps: 1, batch: 1 }, micro: long } });
    const file = `${testFolder()}/long.yaml`;
    await Deno.writeTextFile(file, JSON.stringify(pipeline));
    const run = ["run", file, "--data", "long data", "--out", "long run"];
    const moments: [string[], string][] = [
      [["data", "synth", "more data"], "casme2: 10 of"],
      [run, "synthetic databases: "],
      [run, "MaNet done"],
    ];
    for (const [args, moment] of moments) {
      const child = command(args).spawn();
      let err = "";
      for await (const chunk of child.stderr.pipeThrough(new TextDecoderStream())) {
        if (!err.includes(moment) && (err + chunk).includes(moment)) child.kill("SIGINT");
        err += chunk;
      }
      assertEquals((await child.status).code, 1);
      await child.stdout.cancel();
      const last = err.trim().split("\n").at(-1) as string;
      assertMatch(last, /^Stopped/, err);
      assert(!err.includes("    at "), err);
    }
    assertEquals(
      [...Deno.readDirSync(`${testFolder()}/long run/macro/seed1`)].some((f) =>
        f.name === "manet.safetensors"
      ),
      true,
    );
    // Nothing half-made lies beside the databases.
    assertEquals([...Deno.readDirSync(testFolder())].filter(({ name }) => name.includes(".making-")), []);
  },
});
