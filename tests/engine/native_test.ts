import { assertEquals, assertStringIncludes } from "@std/assert";
import { findNative } from "../../engine/mod.ts";
import { root, runDeno } from "../../tools/_deno.ts";

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

Deno.test({
  name: "what TensorFlow reads is set before it is loaded, but for what the user has set",
  ignore: !findNative().installed,
  async fn() {
    const names = ["TF_ENABLE_ONEDNN_OPTS", "TF_MKL_OPTIMIZE_PRIMITIVE_MEMUSE"];
    const code = `const { startEngine } = await import("file://${root}engine/mod.ts");
      await startEngine("native", { say: () => {} });
      console.log(${JSON.stringify(names)}.map((name) => Deno.env.get(name)).join());`;
    for (
      const [name, value, expected] of [["M2M_NOTHING", "", "1,false"], [names[1]!, "true", "1,true"]]
    ) {
      const { code: ended, output } = await runDeno(["eval", code], { env: { [name!]: value! } });
      assertEquals([ended, output.trim().split("\n").at(-1)], [0, expected]);
    }
  },
});
