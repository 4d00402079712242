import { assert, assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { fileDigest, treeDigest } from "../../engine/native/_digest.ts";
import { digestsOf, readMarker, stepIsDone, writeMarker } from "../../engine/native/_marker.ts";
import { programFailed } from "../../engine/native/_run_program.ts";
import { wheelFor } from "../../engine/native/_settings.ts";
import { installNative } from "../../engine/native/install.ts";
import { nativeFolder, userCacheFolder } from "../../engine/native/native_folder.ts";
import { uninstallNative } from "../../engine/native/uninstall.ts";
import { UserError } from "../../types.ts";

/** Runs `f` with a temporary folder and these environment variables (undefined: without), and puts all back. */
async function within(
  variables: Record<string, string | undefined>,
  f: (folder: string) => Promise<void>,
): Promise<void> {
  const put = (name: string, value: string | undefined) =>
    value === undefined ? Deno.env.delete(name) : Deno.env.set(name, value);
  const before = Object.keys(variables).map((name) => [name, Deno.env.get(name)] as const);
  const folder = await Deno.makeTempDir();
  for (const [name, value] of Object.entries(variables)) put(name, value);
  try {
    await f(folder);
  } finally {
    for (const [name, value] of before) put(name, value);
    await Deno.remove(folder, { recursive: true });
  }
}

const here = Deno.build.os === "linux" && wheelFor(Deno.build.arch, false) !== undefined;
const silent = { say: () => {} };

Deno.test({
  name: "installing the native engine says which program is missing, before anything is fetched",
  ignore: !here,
  fn: () =>
    within({ CXX: "/no/such/compiler" }, async (folder) => {
      const compiler = await assertRejects(() => installNative({ folder, ...silent }), UserError);
      assertMatch(compiler.message, /needs the C\+\+ compiler \/no\/such\/compiler: install it .*g\+\+/);
      assertEquals([...Deno.readDirSync(folder)].length, 0);
      Deno.env.set("CXX", Deno.execPath()); // any program that knows --version
      const path = Deno.env.get("PATH");
      Deno.env.set("PATH", folder);
      try {
        const python = await assertRejects(() => installNative({ folder, ...silent }), UserError);
        assertMatch(python.message, /needs Python 3 with pip: install it/);
      } finally {
        if (path !== undefined) Deno.env.set("PATH", path);
      }
    }),
});

Deno.test("the native engine does not go into a folder with something else in it", () =>
  within({}, async (folder) => {
    await Deno.writeTextFile(`${folder}/thesis.txt`, "");
    const error = await assertRejects(() => installNative({ from: "npm", folder, ...silent }), UserError);
    assertStringIncludes(error.message, "holds something else (thesis.txt)");
    await assertRejects(() => uninstallNative(folder), UserError, "was not made by m2m engine install");
    assert(Deno.statSync(`${folder}/thesis.txt`).isFile);
  }));

Deno.test("uninstalling removes the folder and its empty parent of our name, and nothing is no error", () =>
  within({ M2M_NATIVE: undefined, XDG_CACHE_HOME: undefined }, async (cache) => {
    Deno.env.set("XDG_CACHE_HOME", cache);
    assertEquals(nativeFolder(), `${cache}/macro2micro/native`);
    assertEquals(await uninstallNative(), false);
    await Deno.mkdir(`${nativeFolder()}/node_modules`, { recursive: true });
    await writeMarker(nativeFolder(), { madeBy: "m2m engine install", source: "npm", steps: {} });
    assertEquals(await uninstallNative(), true);
    assertEquals([...Deno.readDirSync(cache)], []);
    Deno.env.set("M2M_NATIVE", "/elsewhere");
    assertEquals([nativeFolder(), userCacheFolder()], ["/elsewhere", `${cache}/macro2micro/native`]);
  }));

Deno.test("a step is done as long as its files have the checksums that it left", () =>
  within({}, async (folder) => {
    await Deno.writeTextFile(`${folder}/a`, "abc");
    const steps = { library: await digestsOf(folder, ["a"]) };
    assertEquals(steps.library, { a: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" });
    await writeMarker(folder, { madeBy: "m2m engine install", source: "npm", steps });
    const marker = readMarker(folder);
    assert(marker !== undefined);
    assertEquals(await stepIsDone(folder, marker, "library"), true);
    assertEquals(await stepIsDone(folder, marker, "binding"), false);
    await Deno.writeTextFile(`${folder}/a`, "abd");
    assertEquals(await stepIsDone(folder, marker, "library"), false);
    await Deno.remove(`${folder}/a`);
    assertEquals(await stepIsDone(folder, marker, "library"), false);
    assertEquals(await fileDigest(`${folder}/a`), undefined);
  }));

Deno.test("the digest of a tree is of its names and contents", () =>
  within({}, async (folder) => {
    await Deno.mkdir(`${folder}/dist/kernels`, { recursive: true });
    await Deno.writeTextFile(`${folder}/dist/kernels/Add.js`, "1");
    const first = await treeDigest(folder, ["dist"]);
    assertMatch(first ?? "", /^[0-9a-f]{64}$/);
    await Deno.writeTextFile(`${folder}/dist/note.md`, "not loaded");
    assertEquals(await treeDigest(folder, ["dist"]), first);
    await Deno.rename(`${folder}/dist/kernels/Add.js`, `${folder}/dist/kernels/Mul.js`);
    assert(await treeDigest(folder, ["dist"]) !== first);
    assertEquals(await treeDigest(folder, ["binding"]), undefined);
  }));

Deno.test("a program's failure is one sentence: its last telling line, or that the disk is full", () => {
  const said = "Collecting x\nERROR: Could not find a version that satisfies x\nhint: see above";
  assertEquals(
    programFailed("Downloading x", said, "check the network").message,
    "Downloading x failed (ERROR: Could not find a version that satisfies x); check the network.",
  );
  assertMatch(
    programFailed("Downloading x", "OSError: [Errno 28] No space left on device", "").message,
    /disk is full/,
  );
});

Deno.test("wheels: plain TensorFlow on x86-64, untried ones for CUDA and arm64, none elsewhere", () => {
  assertEquals(wheelFor("x86_64", false)?.requirement, "tensorflow-cpu==2.21.0");
  assertEquals(wheelFor("x86_64", true)?.requirement, "tensorflow[and-cuda]==2.21.0");
  const arm = wheelFor("aarch64", false);
  assertEquals([arm?.requirement, arm?.platform, arm?.sha256], [
    "tensorflow==2.21.0",
    "manylinux_2_27_aarch64",
    undefined,
  ]);
  assertEquals(wheelFor("riscv64", false), undefined);
});
