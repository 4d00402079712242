import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { scripts } from "../../inspect/_scripts.ts";
import { UserError } from "../../types.ts";

Deno.test("scripts: two programs that import nothing, made once", async () => {
  const root = await Deno.makeTempDir(), cache = join(root, "cache");
  try {
    const made = await scripts(cache);
    for (const [name, bytes] of Object.entries(made)) {
      const text = new TextDecoder().decode(bytes);
      assert(text.length > 20_000, name);
      // A program with an import left in it cannot start from a blob.
      assertEquals(text.match(/(?:^|[;}])(?:import|export)[ {*"'][^;]{0,60}/g), null, name);
    }
    const entries = [...Deno.readDirSync(root)].length === 0 ? [] : [...Deno.readDirSync(cache)];
    if (entries.length === 0) return; // they lay ready in inspect/built
    assertEquals(entries.length, 1);
    const file = join(cache, entries[0]!.name, "page.js"), before = Deno.statSync(file).mtime;
    assertEquals((await scripts(cache))["page.js"], made["page.js"]);
    assertEquals(Deno.statSync(file).mtime, before);
    // Of other sources: made again.
    await Deno.writeTextFile(join(cache, entries[0]!.name, "sources.txt"), "others\n");
    await Deno.writeTextFile(file, "old");
    assertEquals((await scripts(cache))["page.js"], made["page.js"]);
    await Deno.writeTextFile(join(root, "file"), "");
    await assertRejects(() => scripts(join(root, "file/cache")), UserError, "make its folder writable");
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});
