import { assert, assertEquals, assertMatch } from "@std/assert";
import { smallDatabases, tree } from "./_small.ts";

const run = async (program: string, args: string[]) => {
  const { code, stdout, stderr } = await new Deno.Command(program, { args, stdin: "null" }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
};
const mount = async (...args: string[]) => (await run("mount", args).catch(() => ({ code: 1 }))).code === 0;

// A file system in memory that holds less than the results need; only root may mount one.
const disk = await Deno.makeTempDir();
const mounted = Deno.build.os === "linux" && await mount("-t", "tmpfs", "-o", "size=2m", "tmpfs", disk);

Deno.test({
  name: `prepare: a full disk is told in a sentence, nothing is lost, the next run completes${
    mounted ? "" : " (skipped: no small file system may be mounted here)"
  }`,
  ignore: !mounted,
  async fn() {
    const data = await smallDatabases(), elsewhere = await Deno.makeTempDir();
    const prepare = (folder: string) => {
      const config = Deno.env.get("M2M_CONFIG"), cli = new URL("../../../cli.ts", import.meta.url).href;
      const own = ["--out", `${folder}/out`, "--cache", `${folder}/cache`];
      const settings = ["--align", "none", "--flow", "none", "--jobs", "2", "--quiet"];
      return run(Deno.execPath(), [
        ...["run", "-A", "--quiet", ...(config ? ["--config", config] : []), cli, "data", "prepare"],
        ...["--database", "casme2", "--root", `${data}/casme2`, ...own, ...settings],
      ]);
    };
    try {
      assertEquals((await prepare(elsewhere)).code, 0);
      const whole = await tree(elsewhere);

      const full = await prepare(disk);
      assertEquals(full.code, 1, full.stderr);
      assertMatch(
        full.stderr,
        /the disk is full; free some space, then run the same command again: what was done is kept\.\n$/,
      );
      assertEquals(full.stderr.trim().split("\n").length, 1, full.stderr);
      const left = await tree(disk), names = Object.keys(left);
      assert(names.length > 0 && names.length < Object.keys(whole).length, `${names.length} files`);
      // Whatever is there is whole, and says nothing else than in a run that had room.
      for (const name of names) assertEquals(left[name], whole[name], name);
      assert(!names.includes("out/prepare.json"));

      assert(await mount("-o", "remount,size=64m", disk));
      const again = await prepare(disk);
      assertEquals(again.code, 0, again.stderr);
      assertEquals(await tree(disk), whole);
    } finally {
      await run("umount", [disk]);
    }
  },
});
