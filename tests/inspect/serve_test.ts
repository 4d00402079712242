import { assert, assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { join } from "node:path";
import { type InspectorFiles, serveInspector, writeInspector } from "../../inspect/mod.ts";
import { UserError } from "../../types.ts";

const files: InspectorFiles = new Map([
  ["index.html", new TextEncoder().encode("<p>page</p>")],
  ["engine/a.wasm", new Uint8Array([0, 97, 115, 109])],
]);

Deno.test("serveInspector: gives its files out with their types and a strict policy, and nothing else", async () => {
  const served = serveInspector(files);
  try {
    const get = async (path: string, init: RequestInit = {}) => {
      const response = await fetch(served.url + path, init);
      return [response.status, response.headers.get("content-type"), await response.text()] as const;
    };
    assertEquals(await get(""), [200, "text/html; charset=utf-8", "<p>page</p>"]);
    assertEquals((await get("engine/a.wasm")).slice(0, 2), [200, "application/wasm"]);
    assertEquals((await get("../deno.json"))[0], 404);
    assertEquals((await get("index.html", { method: "POST", body: "x" }))[0], 405);
    const { headers, body } = await fetch(served.url);
    await body?.cancel();
    const policy = headers.get("content-security-policy")!;
    assertStringIncludes(policy, "default-src 'none'");
    for (const loose of ["'unsafe-inline'", "'unsafe-eval'", "http", "*", "data: 'self'"]) {
      assert(!policy.includes(loose), `${policy} has ${loose}`);
    }
    assert(served.url.startsWith("http://127.0.0.1:"));
    const port = Number(new URL(served.url).port);
    assertThrows(() => serveInspector(files, { port }), UserError, `port ${port}`);
  } finally {
    await served.close();
  }
});

Deno.test("writeInspector: a folder whole or not at all, and never over something", async () => {
  const root = await Deno.makeTempDir(), out = join(root, "page");
  try {
    await writeInspector(files, out);
    assertEquals(await Deno.readFile(join(out, "engine/a.wasm")), files.get("engine/a.wasm"));
    await assertRejects(() => writeInspector(files, out), UserError, "the folder is not empty");
    await Deno.writeTextFile(join(root, "file"), "");
    await assertRejects(
      () => writeInspector(files, join(root, "file/page")),
      UserError,
      "name another folder",
    );
    assertEquals([...Deno.readDirSync(root)].map(({ name }) => name).sort(), ["file", "page"]);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});
