import { assertEquals, assertMatch } from "@std/assert";
import { prepareDatabases } from "../../../data/mod.ts";
import { children } from "../../_children.ts";
import { smallDatabases, tree } from "./_small.ts";

Deno.test({
  name: "prepare: a process that dies takes along the clip that it was at, no other; the next run makes it",
  ignore: children() === undefined,
}, async () => {
  const data = await smallDatabases(), folder = await Deno.makeTempDir();
  const roots = { casme2: `${data}/casme2`, smic: `${data}/smic`, samm: `${data}/samm` };
  const options = { align: "none", flow: "none", size: 48, jobs: 2 } as const;
  const whole = await prepareDatabases(roots, `${folder}/whole`, { ...options, cache: `${folder}/cache` });
  const before = new Set(children());
  let killed = 0;
  const report = await prepareDatabases(roots, `${folder}/out`, {
    ...options,
    cache: `${folder}/other`,
    onProgress: ({ done }) => {
      if (done === 0 || killed > 0) return;
      const [first] = children()!.filter((pid) => !before.has(pid));
      // Stopped first: what it has finished is taken in meanwhile, and it is given more, so that it dies with a clip in hand.
      Deno.kill(killed = first!, "SIGSTOP");
      setTimeout(() => Deno.kill(killed, "SIGKILL"), 1500);
    },
  });
  assertEquals(report.leftOut.length, 1);
  assertMatch(report.leftOut[0]!.why, /^its process ended by SIGKILL/);
  assertEquals(report.clips, whole.clips - 1);
  const again = await prepareDatabases(roots, `${folder}/out`, { ...options, cache: `${folder}/other` });
  assertEquals([again.leftOut, again.clips, again.unchanged], [[], whole.clips, whole.clips - 1]);
  assertEquals(await tree(`${folder}/out`), await tree(`${folder}/whole`));
  await Deno.remove(folder, { recursive: true });
});
