import { furtherNames, openFaceFinder, showDatabase } from "../data/mod.ts";
import { startEngine } from "../engine/mod.ts";
import { nearest } from "../nearest.ts";
import { databaseNames, UserError } from "../types.ts";
import { parseArguments } from "./_arguments.ts";
import { Countdown } from "./_countdown.ts";
import { stoppable } from "./_stoppable.ts";
import { refuseFile, writeFile } from "./_write_file.ts";

const databases = [...databaseNames, ...furtherNames];
const cameras = ["HS", "VIS", "NIR"] as const;

/** m2m data show */
export async function show(args: string[]): Promise<number> {
  const given = parseArguments("data show", args, {
    values: ["database", "root", "out", "clips", "table", "camera", "frames"],
    switches: ["faces"],
  });
  const wrong = (why: string) => new UserError(`m2m data show ${why}; see m2m --help.`, 2);
  const [extra] = given.positional;
  if (extra !== undefined) throw wrong(`takes no argument without an option, found ${extra}`);
  const database = given.value("database"), root = given.value("root"), clips = given.count("clips", 1);
  if (database === undefined) throw wrong(`needs --database, one of ${databases.join(", ")}`);
  const name = databases.find((name) => name === database);
  if (name === undefined) {
    throw wrong(`knows no database ${database}${nearest(database, databases)}`);
  }
  if (root === undefined) throw wrong("needs --root, the folder of the database");
  const camera = given.value("camera")?.toUpperCase() as typeof cameras[number] | undefined;
  if (camera !== undefined && (database !== "smic" || !cameras.includes(camera))) {
    throw wrong(`takes --camera with smic only, one of ${cameras.join(", ")}`);
  }
  const table = given.value("table"), frames = given.value("frames");
  const one = (["table", "frames"] as const).find((option) => given.value(option) !== undefined);
  if (one !== undefined && (name === "ckplus" || name === "mmi")) {
    throw wrong(
      `takes no --${one} with ${name}, which has ${
        one === "table" ? "no coding table" : "frames of one kind"
      }`,
    );
  }
  const file = given.value("out") ?? `${database}.html`;
  await refuseFile("page", file); // before the work, which may take long
  await startEngine(undefined, { say: () => {} });
  const finder = await openFaceFinder(), countdown = new Countdown("clips");
  const page = await stoppable((signal) =>
    showDatabase(name, root, {
      finder,
      signal,
      faces: given.has("faces"),
      ...(clips === undefined ? {} : { clips }),
      ...(camera === undefined ? {} : { camera }),
      ...(table === undefined ? {} : { table }),
      ...(frames === undefined ? {} : { frames }),
      onProgress: ({ done, total, clip }) => countdown.update(done, total, clip),
    })
  ).catch((error) => {
    if (error instanceof DOMException && error.name === "AbortError") {
      throw new UserError("Stopped. No page was written.");
    }
    throw error;
  }).finally(() => countdown.end());
  await writeFile("page", file, page);
  console.log(`The page is ${file}.`);
  return 0;
}
