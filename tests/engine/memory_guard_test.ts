import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { memoryGuard, startEngine } from "../../engine/mod.ts";
import { UserError } from "../../types.ts";
import { configArgs } from "../_engine.ts";

Deno.test("memoryGuard says what to lower when the heap ends, and lets other errors pass", async () => {
  await startEngine("wasm", { say: () => {} });
  assertEquals(memoryGuard(() => 7), 7);
  const trap = assertThrows(() =>
    memoryGuard(() => {
      throw new WebAssembly.RuntimeError("memory access out of bounds");
    }), UserError);
  assertStringIncludes(
    trap.message,
    "lower the batch, the image size, the width of the backbone or the number of frames",
  );
  assertThrows(
    () =>
      memoryGuard(() => {
        throw new RangeError("something else");
      }),
    RangeError,
    "something else",
  );
  const x = tf.zeros([100]);
  assertThrows(() => memoryGuard(() => 0, { limit: 10 }), UserError, "wasm engine ran out of memory");
  x.dispose();
});

Deno.test("the real end of the wasm heap becomes that message", async () => {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: [
      "eval",
      ...configArgs(),
      `
      import * as tf from "@tensorflow/tfjs";
      import { memoryGuard, startEngine } from ${
        JSON.stringify(new URL("../../engine/mod.ts", import.meta.url).href)
      };
      await startEngine("wasm", { say: () => {} });
      const backend = tf.backend();
      try {
        memoryGuard(() => {
          for (;;) backend.makeOutput([2 ** 28], "float32"); // 1 GiB each, never touched
        });
      } catch (error) {
        console.log(error.name, error.message);
      }`,
    ],
  }).output();
  assertStringIncludes(new TextDecoder().decode(stdout), "UserError The wasm engine ran out of memory with");
});
