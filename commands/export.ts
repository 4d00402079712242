import { exportModel } from "../predict/export_model.ts";
import { UserError } from "../types.ts";
import { parseArguments } from "./_arguments.ts";

/** m2m export */
export async function command(args: string[]): Promise<number> {
  const given = parseArguments("export", args, {
    values: ["out", "fold", "row", "seed"],
    switches: ["ensemble", "json"],
  });
  const [source, ...more] = given.positional, out = given.value("out");
  if (source === undefined || more.length > 0 || out === undefined) {
    throw new UserError("m2m export takes one run or model folder, and --out DIR; see m2m --help.", 2);
  }
  const fold = given.value("fold"), row = given.value("row"), seed = given.count("seed", 0);
  if (fold !== undefined && given.has("ensemble")) {
    throw new UserError(
      "m2m export: --fold and --ensemble exclude each other; choose one; see m2m --help.",
      2,
    );
  }
  const { name, members, origin } = await exportModel(source, out, {
    ...(fold === undefined ? {} : { member: fold }),
    ...(row === undefined ? {} : { row }),
    ...(seed === undefined ? {} : { seed }),
  });
  if (given.has("json")) {
    console.log(
      JSON.stringify({ model: out, name, members, evaluated: origin.evaluated, note: origin.note }, null, 2),
    );
    return 0;
  }
  const what = members.length === 1
    ? `the network ${members[0]!.name}`
    : `an ensemble of ${members.length} networks`;
  console.log(
    `${out} holds ${name}, ${what}: model.json, safetensors, load_minet.py.\n${
      origin.evaluated || origin.note.startsWith("Not evaluated") ? "" : "Not evaluated. "
    }${origin.note}`,
  );
  return 0;
}
