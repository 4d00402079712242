import { megc2019Classes, poolScoreFiles, score, scoreTable } from "../eval/mod.ts";
import { UserError } from "../types.ts";
import { parseArguments } from "./_arguments.ts";

/** m2m score */
export async function command(args: string[]): Promise<number> {
  const given = parseArguments("score", args, { switches: ["json"] });
  for (const path of given.positional) {
    if (!(await Deno.stat(path).then((info) => info.isDirectory, () => false))) continue;
    throw new UserError(`Cannot read ${path}: it is a folder; name a file in it, such as predictions.csv.`);
  }
  const { predictions, classes } = await poolScoreFiles(given.positional);
  const names = classes === megc2019Classes.length ? megc2019Classes : classes;
  const result = score(predictions, names);
  if (given.has("json")) {
    console.log(JSON.stringify(result, null, 2));
    return 0;
  }
  console.log(scoreTable([{ name: "pooled", score: result }]));
  for (const { name, tp, fp, fn, precision, recall, f1 } of result.perClass) {
    console.log(
      `${name.padEnd(10)} TP ${tp}  FP ${fp}  FN ${fn}  precision ${precision.toFixed(4)}  recall ${
        recall.toFixed(4)
      }  F1 ${f1.toFixed(4)}`,
    );
  }
  return 0;
}
