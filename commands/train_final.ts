import { readPipeline } from "../pipeline/mod.ts";
import { trainFinal } from "../predict/train_final.ts";
import { UserError } from "../types.ts";
import { parseArguments } from "./_arguments.ts";
import { stoppable } from "./_stoppable.ts";

/** m2m train-final */
export async function command(args: string[]): Promise<number> {
  const given = parseArguments("train-final", args, {
    values: ["data", "out", "row", "seed"],
    switches: ["resume", "small", "quiet", "json"],
  });
  const [file, ...more] = given.positional, out = given.value("out");
  if (file === undefined || more.length > 0 || out === undefined) {
    throw new UserError("m2m train-final takes one pipeline file, and --out DIR; see m2m --help.", 2);
  }
  const pipeline = await readPipeline(file);
  const data = given.value("data"), row = given.value("row"), seed = given.count("seed", 0);
  const { name, origin } = await stoppable((signal) =>
    trainFinal(pipeline, out, {
      ...(data === undefined ? {} : { data }),
      ...(row === undefined ? {} : { row }),
      ...(seed === undefined ? {} : { seed }),
      resume: given.has("resume"),
      small: given.has("small"),
      quiet: given.has("quiet"),
      command: ["m2m", "train-final", ...args],
      signal,
    })
  );
  console.log(
    given.has("json")
      ? JSON.stringify({ model: out, name, evaluated: origin.evaluated, note: origin.note }, null, 2)
      : `${out} holds ${name}: model.json, final.safetensors, load_minet.py.\n${origin.note}`,
  );
  return 0;
}
