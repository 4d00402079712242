// m2m ablate: trains the six rows, shows them again without training, and what it refuses.
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { ablationPipeline } from "../../pipeline/mod.ts";
import { UserError } from "../../types.ts";
import { testFolder, tinyPipeline } from "../pipeline/_tiny.ts";
import { m2m } from "./_m2m.ts";

const tiny = tinyPipeline({
  stages: {
    macro: { steps: 1, batch: 1 },
    micro: { steps: 1, batch: 1, learningRate: 0.01 },
    guided: { steps: 1, batch: 1, learningRate: 0.01 },
  },
  losses: { spatial: { weight: 0.7 } },
});

async function yaml(name: string, content: unknown): Promise<string> {
  const file = `${testFolder()}/${name}.yaml`;
  await Deno.writeTextFile(file, JSON.stringify(content)); // JSON is YAML
  return file;
}

Deno.test("ablationPipeline changes the rows and fills in weights that are missing, and nothing else", () => {
  const { rows, losses, ...rest } = ablationPipeline(tiny);
  assertEquals(rows, ["lc", "lc_ls", "lc_lsam_lt", "lc_ls_lsam_lt", "lc_lcon", "all"]);
  const { spatial, relation, temporal, contrastive, ...others } = losses;
  assertEquals([spatial, relation, temporal, contrastive?.weight], [
    { weight: 0.7 },
    { weight: 0.2 },
    { weight: 0.2 },
    0.1,
  ]);
  const { rows: _, losses: { spatial: __, ...own }, ...before } = tiny;
  assertEquals([rest as unknown, others], [before, own]);
  const again = ablationPipeline({ ...tiny, rows, losses });
  assertEquals(again, { ...tiny, rows, losses });
});

Deno.test("ablationPipeline refuses a pipeline that cannot run all rows", () => {
  let message = "";
  try {
    ablationPipeline(tinyPipeline({ macro: undefined, losses: {} }));
  } catch (error) {
    assert(error instanceof UserError);
    message = error.message;
  }
  assertStringIncludes(message, "Cannot use the pipeline tiny with all ablation rows");
  assertStringIncludes(message, "needs macro-expressions to be guided by: add the key macro");
});

Deno.test("m2m ablate trains the six rows; --from and --resume show them again without training", async () => {
  const file = await yaml("tiny", tiny);
  const out = `${testFolder()}/ablation`;
  const before = Deno.env.get("M2M_CACHE");
  Deno.env.set("M2M_CACHE", `${testFolder()}/cache`);
  try {
    const args = [
      "ablate",
      file,
      "--data",
      `${testFolder()}/data`,
      "--out",
      out,
      "--seeds",
      "3,5",
      "--jobs",
      "2",
    ];
    const trained = await m2m(...args);
    assertEquals(trained.code, 0, trained.err);
    for (const part of ["L_c + L_sam + L_t", "difference to L_c", "seeds 3,5", "95 % over subjects"]) {
      assertStringIncludes(trained.out, part);
    }
    assertStringIncludes(trained.err, "MaNet (seed 5) done in");
    const run = JSON.parse(await Deno.readTextFile(`${out}/run.json`));
    assertEquals([run.command.slice(0, 2), run.seeds, run.pipeline.rows.length], [
      ["m2m", "ablate"],
      [3, 5],
      6,
    ]);
    const text = await Deno.readTextFile(`${out}/ablation.txt`);
    assert(trained.out.startsWith(text.trimEnd()));
    assertEquals((await m2m("ablate", "--from", out)).out, `${text.trimEnd()}\n`);
    for (const [name, ending] of [["json", "json"], ["csv", "csv"], ["latex", "tex"]]) {
      const shown = await m2m("ablate", "--from", out, `--${name}`);
      assertEquals(shown.out.trimEnd(), (await Deno.readTextFile(`${out}/ablation.${ending}`)).trimEnd());
    }
    // The table's numbers are those that the run left.
    const json = JSON.parse(await Deno.readTextFile(`${out}/ablation.json`));
    const over = JSON.parse(await Deno.readTextFile(`${out}/over_seeds.json`));
    type Row = { row: string; full: unknown; scores: { full: unknown } };
    assertEquals(
      json.rows.map(({ row, scores }: Row) => [row, scores.full]),
      over.map(({ row, full }: Row) => [row, full]),
    );
    const again = await m2m(...args, "--resume", "--csv");
    assertEquals([again.code, again.err.includes("done in")], [0, false], again.err);
    assertEquals(again.out.trimEnd(), (await Deno.readTextFile(`${out}/ablation.csv`)).trimEnd());
    // Of a run that goes on, the seeds that are complete count.
    await Deno.remove(`${out}/rows`, { recursive: true });
    await Deno.remove(`${out}/folds/seed5/smic_s20`, { recursive: true });
    const part = await m2m("ablate", "--from", out, "--json");
    assertStringIncludes(part.err, "seed 5 is left out, not all of its folds are done");
    assertEquals([JSON.parse(part.out).seeds, JSON.parse(part.out).incompleteSeeds], [[3], [5]]);
  } finally {
    if (before === undefined) Deno.env.delete("M2M_CACHE");
    else Deno.env.set("M2M_CACHE", before);
  }
});

const refused: [string, string[], string][] = [
  [
    "neither pipeline nor run",
    ["ablate"],
    "m2m ablate takes one pipeline file, such as experiments/ablation.yaml, or --from RUN",
  ],
  ["both", ["ablate", "x.yaml", "--from", "runs/x"], "or --from RUN"],
  [
    "training options with --from",
    ["ablate", "--from", "runs/x", "--seeds", "1..5"],
    "--from trains nothing and does not go with --seeds",
  ],
  ["--resume with --from", ["ablate", "--from", "runs/x", "--resume"], "does not go with --resume"],
  [
    "--launcher with --from",
    ["ablate", "--from", "runs/x", "--launcher", "slurm"],
    "does not go with --launcher",
  ],
  [
    "--jobs under Slurm",
    ["ablate", "x.yaml", "--launcher", "slurm", "--jobs", "2"],
    "--jobs is of the local launcher",
  ],
  ["--detach without Slurm", ["ablate", "x.yaml", "--detach"], "m2m ablate: --detach needs --launcher slurm"],
  ["two forms of output", ["ablate", "x.yaml", "--csv", "--latex"], "--csv and --latex exclude each other"],
];
for (const [name, args, part] of refused) {
  Deno.test(`m2m ablate refuses ${name}`, async () => {
    const { code, out, err } = await m2m(...args);
    assertEquals([code, out], [2, ""]);
    assertStringIncludes(err, part);
  });
}

Deno.test("m2m ablate --from refuses what is no ablation", async () => {
  const folder = `${testFolder()}/single`;
  await Deno.mkdir(folder);
  const missing = await m2m("ablate", "--from", folder);
  assertStringIncludes(missing.err, "it has no run.json; name a folder that m2m run made");
  const run = { pipeline: tinyPipeline(), classes: ["a"], engine: "cpu" };
  await Deno.writeTextFile(`${folder}/run.json`, JSON.stringify(run));
  const single = await m2m("ablate", "--from", folder);
  assertEquals(single.code, 1);
  assertStringIncludes(single.err, "it has the rows all; L_c (lc) and others are needed");
  const rows = { ...run, pipeline: tinyPipeline({ rows: ["lc", "all"] }) };
  await Deno.writeTextFile(`${folder}/run.json`, JSON.stringify(rows));
  assertStringIncludes(
    (await m2m("ablate", "--from", folder)).err,
    "no seed is complete; go on with m2m ablate --resume",
  );
});
