import { assert, assertEquals, assertMatch } from "@std/assert";
import { holderText, isLock, type LockHolder, takeLock } from "../../pipeline/folder_lock.ts";
import { configArgs } from "../_engine.ts";
import { testFolder } from "./_tiny.ts";

/** A process that takes a lock, says so, and holds it until it is killed. */
async function holding(file: string): Promise<Deno.ChildProcess> {
  const module = new URL("../../pipeline/folder_lock.ts", import.meta.url).href;
  const code = `import { isLock, takeLock } from ${JSON.stringify(module)};
    console.log(isLock(await takeLock(${JSON.stringify(file)})));
    await new Promise((resolve) => setTimeout(resolve, 60_000));`;
  const script = await Deno.makeTempFile({ dir: testFolder(), suffix: ".ts" });
  await Deno.writeTextFile(script, code);
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", ...configArgs(), script],
    stdout: "piped",
  }).spawn();
  const reader = child.stdout.getReader();
  assertEquals(new TextDecoder().decode((await reader.read()).value), "true\n");
  await reader.cancel();
  return child;
}

Deno.test("a lock is refused while another process has it, by name, and free once that is killed", async () => {
  const file = `${testFolder()}/locks/run.lock`;
  const child = await holding(file);
  const refused = await takeLock(file);
  assert(!isLock(refused));
  assertEquals([refused.pid, refused.host], [child.pid, Deno.hostname()]);
  assertMatch(holderText(refused), /^process \d+ on .+, since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/);
  child.kill("SIGKILL");
  await child.status;
  const taken = await takeLock(file);
  assert(isLock(taken));
  const { pid } = JSON.parse(await Deno.readTextFile(file)) as LockHolder;
  assertEquals(pid, Deno.pid);
  await taken.release();
  assertEquals([...Deno.readDirSync(`${testFolder()}/locks`)], []);
});

Deno.test("a holder that cannot be read is another process", () => {
  assertEquals(holderText({}), "another process");
});
