import { megc2019Classes, peekMark, peekMeaning, poolScoreFiles, score, scoreTable } from "../eval/mod.ts";
import { UserError } from "../types.ts";
import { parseArguments } from "./_arguments.ts";

/** m2m score */
export async function command(args: string[]): Promise<number> {
  const given = parseArguments("score", args, { switches: ["json"] });
  for (const path of given.positional) {
    if (!(await Deno.stat(path).then((info) => info.isDirectory, () => false))) continue;
    throw new UserError(`Cannot read ${path}: it is a folder; name a file in it, such as predictions.csv.`);
  }
  const { predictions, classes, peeked } = await poolScoreFiles(given.positional);
  const names = classes === megc2019Classes.length ? megc2019Classes : classes;
  const result = score(predictions, names);
  if (given.has("json")) {
    // Under the mark no key of an honest score is left at the top.
    console.log(
      JSON.stringify(peeked ? { meaning: peekMeaning, [peekMark]: result } : result, null, 2),
    );
    return 0;
  }
  if (peeked) console.log(`${peekMeaning}\n`);
  console.log(scoreTable([{ name: peeked ? `${peekMark} pooled` : "pooled", score: result }]));
  for (const { name, tp, fp, fn, precision, recall, f1 } of result.perClass) {
    console.log(
      `${peeked ? `${peekMark} ` : ""}${name.padEnd(10)} TP ${tp}  FP ${fp}  FN ${fn}  precision ${
        precision.toFixed(4)
      }  recall ${recall.toFixed(4)}  F1 ${f1.toFixed(4)}`,
    );
  }
  return 0;
}
