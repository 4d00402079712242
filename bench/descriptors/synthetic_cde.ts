// The seven descriptors under CDE on synthetic look-alikes: a table of UF1 and UAR, chance below.
//
//   deno task deno run -A bench/descriptors/synthetic_cde.ts --out runs/descriptors [--jobs 2]
//
// Each pipeline of experiments/ is taken as it is, but for the databases: CASME II, SMIC and SAMM drawn (docs/synthetic.md), six subjects each. A folder that
// holds results goes on from there.
import { parseArgs } from "@std/cli/parse-args";
import { definePipeline, readPipeline, runPipeline } from "../../pipeline/mod.ts";

const flags = parseArgs(Deno.args, { string: ["out", "jobs"] });
const out = String(flags.out ?? "runs/descriptors"), jobs = Number(flags.jobs ?? 2);
const names = ["lbp_top", "lbp_sip", "stlbp_ip", "stclqp", "higo_top", "fhofo", "bi_woof"];
const figure = (value: number) => value.toFixed(4);
let chance = "";
console.log("method     UF1     UAR");
for (const name of names) {
  const { $schema: _, ...pipeline } = await readPipeline(`experiments/${name}_cde.yaml`);
  const { summary } = await runPipeline(
    definePipeline(
      {
        ...pipeline,
        synthetic: { seed: 1, subjects: { casme2: 6, smic: 6, samm: 6, ckplus: 0, mmi: 0 }, size: 128 },
      } as Parameters<typeof definePipeline>[0],
    ),
    { out: `${out}/${name}`, data: `${out}/databases`, jobs, resume: true, quiet: true },
  );
  console.log(`${name.padEnd(10)} ${figure(summary.full.uf1)}  ${figure(summary.full.uar)}`);
  if (!summary.chance) continue;
  const { majority, shuffled } = summary.chance;
  chance = `chance     ${figure(shuffled.uf1)}  ${figure(shuffled.uar)} (shuffled), ${
    figure(majority.uf1)
  }  ${figure(majority.uar)} (majority)`;
}
console.log(chance);
