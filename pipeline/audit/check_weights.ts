import { createHash } from "node:crypto";
import { isComparisonName } from "../comparison_methods.ts";
import { pipelineRows } from "../rows.ts";
import { networkFile, trainedFile } from "../run_folder.ts";
import { sha256 } from "../../sha256.ts";
import { type Evidence, nameOf, recorded } from "./evidence.ts";
import type { Findings } from "./finding.ts";
import { placeOf } from "./scopes.ts";

/** Where networks come from: MaNet saw macro clips alone, of nobody who is tested, and the folds used that very network. */
export async function checkWeights(evidence: Evidence, findings: Findings): Promise<string> {
  const { plan, folds, macro, person } = evidence;
  const known = new Set(plan.macro.map(nameOf));
  const tested = new Map(
    folds.flatMap(({ persons, fold }) => [...persons].map((p) => [p, fold.name] as const)),
  );
  const pretrained = plan.pretrained === undefined ? undefined : await digest(plan.pretrained);
  let files = 0;
  for (const { seed, folder, record } of macro) {
    const where = `MaNet, seed ${seed}`;
    if (!record) {
      findings.add("record", where, "there is no record.json: nothing shows what MaNet saw");
      continue;
    }
    for (const use of record.uses) {
      for (const [index] of [...use.reads, ...use.labels]) {
        const clip = recorded(record, index);
        const fold = tested.get(person(clip));
        if (clip.set !== "macro" || !known.has(nameOf(clip))) {
          findings.add(
            "sampler",
            where,
            `${nameOf(clip)} was read, which is no macro clip of the plan`,
            placeOf(use),
          );
        } else if (fold !== undefined) {
          findings.add("identity", where, `${nameOf(clip)} was read, of a person whom fold ${fold} tests`);
        }
      }
    }
    const network = await digest(`${folder}/manet.safetensors`);
    if (network !== record.checkpoints["manet"]) {
      findings.add("weights", where, "manet.safetensors is not the network that its record tells of");
    }
    const maps = await readMapsDigest(folder);
    if (maps && maps.written !== maps.present) {
      findings.add("weights", where, "maps.f32 is not what MaNet's maps were when they were written");
    }
    files += maps ? 2 : 1;
    for (const { record: own, where } of folds.filter((fold) => fold.seed === seed)) {
      for (const use of own?.uses ?? []) {
        for (const [name, sum] of use.weights) {
          if (name === "MaNet" && sum !== network) {
            findings.add("weights", where, "used another MaNet than the run's", placeOf(use));
          }
        }
        const foreign = use.reads.some(([, sum]) => {
          const checksum = own!.checksums[sum] ?? "";
          return checksum.startsWith("maps ") && checksum !== `maps ${maps?.written}`;
        });
        if (foreign) findings.add("weights", where, "was guided by other maps than the run's", placeOf(use));
      }
    }
  }
  const guided = pipelineRows(plan.pipeline).map((row) => row.name);
  for (const { record, where, folder } of folds) {
    for (const use of record?.uses ?? []) {
      for (const [name, sum] of use.weights) {
        if (name === "pretrained" && sum === pretrained || name === "MaNet" && macro.length > 0) continue;
        findings.add(
          "weights",
          where,
          `began from ${name}, which is no network of the pipeline as it is now`,
          placeOf(use),
        );
      }
      if (
        use.stage === "micro" && plan.pipeline.method === "macro2micro" &&
        plan.pipeline.selection === "none" &&
        plan.pipeline.stages.micro.start === "macro" && !use.weights.some(([name]) => name === "MaNet")
      ) findings.add("record", where, "record.json does not say which MaNet it began from", placeOf(use));
    }
    for (const row of guided) {
      const kept = record?.checkpoints[row];
      if (kept === undefined) continue;
      files++;
      const file = (isComparisonName(plan.pipeline.method) ? trainedFile : networkFile)(folder, row);
      if (await digest(file) !== kept) {
        const name = file.slice(folder.length + 1);
        findings.add("weights", where, `${name} is not the network that its record tells of`);
      }
    }
  }
  return `networks: ${files} files by checksum`;
}

async function digest(file: string): Promise<string | undefined> {
  return await Deno.readFile(file).then((bytes) => sha256(bytes), () => undefined);
}

/** maps.f32 may be larger than memory: read in pieces. */
async function readMapsDigest(folder: string): Promise<{ written: string; present: string } | undefined> {
  try {
    const { sha256: written } = JSON.parse(await Deno.readTextFile(`${folder}/maps.json`));
    const file = await Deno.open(`${folder}/maps.f32`);
    const hash = createHash("sha256");
    for await (const part of file.readable) hash.update(part);
    return { written, present: hash.digest("hex") };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined; // a MaNet that is trained along leaves none
    throw error;
  }
}
