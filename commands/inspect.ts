import { inspectorFiles, serveInspector, writeInspector } from "../inspect/mod.ts";
import { UserError } from "../types.ts";
import { parseArguments } from "./_arguments.ts";
import { stoppable } from "./_stoppable.ts";

/** m2m inspect */
export async function command(args: string[]): Promise<number> {
  const given = parseArguments("inspect", args, { values: ["out", "port", "fold", "row", "seed"] });
  const [model, ...others] = given.positional, out = given.value("out"), port = given.count("port", 0);
  if (model === undefined || others.length > 0) {
    throw new UserError("m2m inspect takes one run or model; see m2m --help.", 2);
  }
  if (out !== undefined && port !== undefined) {
    throw new UserError(
      "m2m inspect: --out writes a folder and --port serves one; choose one; see m2m --help.",
      2,
    );
  }
  if (port !== undefined && port > 65535) {
    throw new UserError(`m2m inspect: --port must be at most 65535, found ${port}; see m2m --help.`, 2);
  }
  const member = given.value("fold"), row = given.value("row"), seed = given.count("seed", 0);
  const files = await inspectorFiles(model, {
    ...(member === undefined ? {} : { member }),
    ...(row === undefined ? {} : { row }),
    ...(seed === undefined ? {} : { seed }),
  });
  if (out !== undefined) {
    await writeInspector(files, out);
    const megabytes = [...files.values()].reduce((sum, bytes) => sum + bytes.length, 0) / 1e6;
    console.log(
      `The inspector is in ${out} (${files.size} files, ${
        megabytes.toFixed(1)
      } MB); put it on any static host.`,
    );
    return 0;
  }
  await stoppable(async (signal) => {
    const served = serveInspector(files, { port: port ?? 0 });
    console.log(served.url);
    console.error("Open this address in a browser on this machine; Ctrl-C ends it.");
    await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
    await served.close();
  });
  return 0;
}
