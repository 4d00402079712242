import type { PartScore } from "../eval/mod.ts";
import type { Plan } from "./plan.ts";
import { checkpoints, type RowScores, type RunResults } from "./results.ts";

/** The report of a run in Markdown: scores, confusion matrices, per-class figures, what is in the folder. No images. */
export async function reportText(plan: Plan, results: RunResults): Promise<string> {
  const { pipeline } = plan;
  const top = results.rows.findLast((row) => row.seed === pipeline.seeds[0]) as RowScores;
  const parts: [string, PartScore][] = [["full", top.score], ...Object.entries(top.score.perDatabase)];
  const synthetic = pipeline.synthetic
    ? "The databases are synthetic look-alikes: these figures say nothing about real faces."
    : "The databases are under licence agreements: check what they allow before you publish anything that shows a face.";
  const saved = await checkpoints(results.run, plan);
  return `# ${pipeline.name}

${pipeline.description ?? ""}

Protocol ${pipeline.protocol}, ${plan.folds.length} folds (${
    pipeline.protocol === "hde"
      ? "each tests a database that its training has not seen"
      : "leave one subject out"
  }), ${plan.micro.length} clips, classes ${
    plan.classes.join(", ")
  }; predictions of the last step, pooled over folds. Engine ${plan.engine}. ${synthetic}

\`\`\`
${results.table}\`\`\`

"majority" always predicts the most frequent class; "shuffled" gives the same predictions to other clips (mean of 1000 permutations;
permutation p-value of UF1: ${top.chance.shuffled.pValue.toPrecision(3)}).

## ${top.title}, seed ${top.seed}

${parts.map(([name, part]) => section(name, part, plan.classes)).join("\n")}
${saved.length > 0 ? `Checkpoints (PyTorch's parameter names and layout): ${saved.join(", ")}.\n` : ""}`;
}

function section(name: string, part: PartScore, classes: readonly string[]): string {
  const rows = classes.map((label, truth) => {
    const { precision, recall, f1 } = part.perClass[truth] as PartScore["perClass"][number];
    const counts = (part.confusion[truth] as readonly number[]).join(" | ");
    return `| ${label} | ${counts} | ${precision.toFixed(3)} | ${recall.toFixed(3)} | ${f1.toFixed(3)} |`;
  });
  return `### ${name} (n ${part.n})

| truth \\ prediction | ${classes.join(" | ")} | precision | recall | F1 |
|---|${"---|".repeat(classes.length + 3)}
${rows.join("\n")}
`;
}
