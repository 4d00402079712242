import { assertEquals, assertStringIncludes } from "@std/assert";
import { findNative } from "../../engine/mod.ts";

Deno.test("findNative tells an installed engine from a missing one and from one without its binding", async () => {
  const folder = await Deno.makeTempDir();
  try {
    assertEquals(findNative(folder), {
      installed: false,
      reason: `the native engine is not installed in ${folder} (M2M_NATIVE)`,
    });
    const home = `${folder}/node_modules/@tensorflow/tfjs-node-gpu`;
    await Deno.mkdir(`${home}/lib/napi-v8`, { recursive: true });
    await Deno.mkdir(`${home}/dist`);
    await Deno.writeTextFile(`${home}/package.json`, "{}");
    await Deno.writeTextFile(`${home}/dist/index.js`, "");
    const without = findNative(folder);
    assertStringIncludes(without.installed ? "" : without.reason, "lacks its compiled binding");
    await Deno.writeTextFile(`${home}/lib/napi-v8/tfjs_binding.node`, "");
    assertEquals(findNative(folder), { installed: true, module: Deno.realPathSync(`${home}/dist/index.js`) });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
