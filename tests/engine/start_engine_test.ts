import { assert, assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { availableEngines, findNative, startEngine } from "../../engine/mod.ts";
import { UserError } from "../../types.ts";
import { configArgs } from "../_engine.ts";

Deno.test("startEngine says which engine and why, once", async () => {
  const lines: string[] = [];
  const report = await startEngine("wasm", { say: (line) => lines.push(line) });
  assertEquals(report, { name: "wasm", reason: "wasm: asked for", version: "4.22.0", threads: 1 });
  assertEquals(await startEngine("wasm", { say: (line) => lines.push(line) }), report);
  assertEquals(await startEngine(undefined, { say: (line) => lines.push(line) }), report);
  assertEquals(lines.length <= 1, true);
  assertEquals(tf.getBackend(), "wasm");
});

Deno.test("startEngine falls back from native to wasm and says so", async () => {
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "eval",
      ...configArgs(),
      `
      import { startEngine } from ${JSON.stringify(new URL("../../engine/mod.ts", import.meta.url).href)};
      console.log(JSON.stringify(await startEngine()));`,
    ],
    env: { M2M_NATIVE: "/no/such/folder", NO_COLOR: "1" },
  }).output();
  const line = "wasm: the native engine is not installed in /no/such/folder (M2M_NATIVE)";
  assertStringIncludes(new TextDecoder().decode(stdout), `"reason":"${line}"`);
  assertEquals(new TextDecoder().decode(stderr).trim(), `engine ${line}`);
});

Deno.test("startEngine refuses an unknown name with the nearest first, exit code 2", async () => {
  const error = await assertRejects(() => startEngine("wams"), UserError);
  assertEquals(
    error.message,
    `There is no engine "wams" (did you mean wasm?); choose one of native, wasm, cpu, webgpu.`,
  );
  assertEquals(error.exitCode, 2);
});

Deno.test("startEngine refuses an engine that cannot run, with the remedy, exit code 1", async () => {
  if (findNative().installed) return;
  const error = await assertRejects(() => startEngine("native"), UserError);
  assertMatch(error.message, /native engine cannot run here: .*not installed.*m2m engine install/);
  assertEquals(error.exitCode, 1);
  await assertRejects(
    () => startEngine("cpu", { threads: 0 }),
    RangeError,
    "threads must be a positive integer",
  );
});

Deno.test("availableEngines lists all four, best first, each with a reason", async () => {
  const engines = await availableEngines();
  assertEquals(engines.map((engine) => engine.name), ["native", "wasm", "cpu", "webgpu"]);
  assert(engines.every((engine) => engine.reason.length > 10));
  assertEquals(engines.filter((e) => e.name === "wasm" || e.name === "cpu").map((e) => e.available), [
    true,
    true,
  ]);
});
