import { assert } from "@std/assert";
import { join } from "node:path";
import { synthesizeDatabases } from "../../../data/synth/mod.ts";
import { seededRandom } from "../../../engine/random.ts";
import { probe, probeRows } from "./_probe.ts";

Deno.test("a linear classifier learns macro-expressions well, micro-expressions less well, shuffled labels not", async () => {
  const root = join(await Deno.makeTempDir(), "databases");
  const subjects = { casme2: 4, smic: 4, samm: 4, ckplus: 6, mmi: 0 };
  await synthesizeDatabases(root, { seed: 2, subjects, size: 48, frames: 6, macroFrames: 6, flow: false });
  const micro = (await probeRows(root, ["casme2", "smic", "samm"])).difference;
  const macro = (await probeRows(root, ["ckplus"])).difference;
  const [small, large] = [probe(micro), probe(macro)];
  assert(small > 0.6 && small < 0.97, `micro ${small}`);
  assert(large > 0.85, `macro ${large}`);
  const labels = seededRandom(1).shuffle(micro.map((row) => row.label));
  const shuffled = probe(micro.map((row, i) => ({ ...row, label: labels[i]! })));
  assert(shuffled < 0.5, `shuffled ${shuffled}`);
  await Deno.remove(join(root, ".."), { recursive: true });
});
