// A disk that fills up and one that is read-only: one sentence, exit code 1, nothing lost, and the next run completes to the same bytes.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { ended, runTree, startRun } from "../../bench/pipeline/_run_command.ts";
import { testFolder, tinyPipeline } from "./_tiny.ts";

const mount = async (...args: string[]) => {
  const output = new Deno.Command("mount", { args, stdin: "null", stdout: "null", stderr: "null" }).output();
  return await output.then(({ success }) => success, () => false);
};

// A file system in memory that holds less than a run needs; only root may mount one.
const disk = await Deno.makeTempDir();
const mounted = Deno.build.os === "linux" && await mount("-t", "tmpfs", "-o", "size=300k", "tmpfs", disk);

Deno.test({
  name: `a full disk and a read-only one are told in a sentence, nothing is lost, the next run completes${
    mounted ? "" : " (skipped: no small file system may be mounted here)"
  }`,
  ignore: !mounted,
  async fn() {
    const file = `${testFolder()}/tiny.yaml`;
    await Deno.writeTextFile(file, JSON.stringify(tinyPipeline())); // JSON is YAML
    const places = { data: `${testFolder()}/data`, cache: `${testFolder()}/cache` };
    try {
      const reference = await ended(startRun(file, { ...places, out: `${testFolder()}/whole` }));
      assertEquals(reference.code, 0, reference.stderr);
      const whole = await runTree(`${testFolder()}/whole`);
      const run = () => ended(startRun(file, { ...places, out: `${disk}/run` }));

      let before: Record<string, string> = {}, full = 0;
      for (const size of [undefined, "1m", "2m", "3m"]) {
        if (size) assert(await mount("-o", `remount,size=${size}`, disk));
        const { code, stderr } = await run();
        if (code === 0) break; // the last sizes may hold it
        full++;
        assertEquals(code, 1, stderr);
        assertMatch(
          stderr,
          /^Cannot write .*: the disk is full\. Free some space or choose another folder, then run again with --resume\.\n$/,
        );
        // What is complete is as in a run that had room, and what was complete before is still there.
        const left = await runTree(`${disk}/run`);
        for (const name of Object.keys(before)) assertEquals(left[name], whole[name], name);
        before = Object.fromEntries(
          Object.entries(left).filter(([name]) => !/\.unfinished|\.partial|^plan\.json|summary/.test(name)),
        );
        for (const [name, sum] of Object.entries(before)) assertEquals(sum, whole[name], name);
      }
      assert(
        full >= 2 && Object.keys(before).length > 0,
        `${full} times full, ${Object.keys(before).length} files`,
      );
      await Deno.remove(`${disk}/run/folds`, { recursive: true }).catch(() => {});
      assert(await mount("-o", "remount,ro,size=64m", disk));
      const readOnly = await run();
      assertEquals(readOnly.code, 1, readOnly.stderr);
      assertMatch(readOnly.stderr, /^Cannot write .*run\.lock: the folder cannot be written to\. .*\n$/);

      assert(await mount("-o", "remount,rw,size=64m", disk));
      const again = await run();
      assertEquals(again.code, 0, again.stderr);
      assertEquals(await runTree(`${disk}/run`), whole);
    } finally {
      await new Deno.Command("umount", { args: [disk] }).output();
    }
  },
});
