import { synthesizeDatabases } from "../data/mod.ts";
import { UserError } from "../types.ts";
import { parseArguments } from "./_arguments.ts";
import { stoppable } from "./_stoppable.ts";

/** m2m data synth */
export async function synth(args: string[]): Promise<number> {
  const given = parseArguments("data synth", args, {
    values: ["seed", "subjects", "clips", "size"],
    switches: ["replace", "json"],
  });
  const [root, ...more] = given.positional;
  if (root === undefined || more.length > 0) {
    throw new UserError("m2m data synth takes one folder; see m2m --help.", 2);
  }
  const [seed, subjects, clips, size] = [
    given.count("seed", 0),
    given.count("subjects", 1),
    given.count("clips", 1),
    given.count("size", 16),
  ];
  const report = await stoppable((signal) =>
    synthesizeDatabases(root, {
      ...(seed === undefined ? {} : { seed }),
      ...(subjects === undefined ? {} : {
        subjects: { casme2: subjects, smic: subjects, samm: subjects, ckplus: subjects, mmi: subjects },
      }),
      ...(clips === undefined ? {} : { clipsPerSubject: clips }),
      ...(size === undefined ? {} : { size }),
      replace: given.has("replace"),
      onProgress: ({ done, total, database }) => {
        if (signal.aborted) throw new UserError("Stopped. Nothing was made.");
        if (done % 10 === 0 || done === total) console.error(`${database}: ${done} of ${total} clips`);
      },
    })
  ).catch((error) => {
    if (error instanceof RangeError) throw new UserError(`${error.message}; see m2m --help.`, 2);
    if (error instanceof UserError && error.message.endsWith("ask for them to be replaced")) {
      throw new UserError(`${error.message} with --replace.`);
    }
    throw error;
  });
  if (given.has("json")) console.log(JSON.stringify(report, null, 2));
  else {
    for (const note of report.notes) console.error(note);
    const counts = Object.entries(report.counts).map(([database, n]) => `${database} ${n}`).join(", ");
    console.log(`${report.reused ? "Found" : "Made"} synthetic databases in ${root}: clips ${counts}.`);
  }
  return 0;
}
