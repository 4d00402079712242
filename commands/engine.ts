import { availableEngines } from "../engine/mod.ts";
import { UserError } from "../types.ts";
import { parseArguments } from "./_arguments.ts";

/** m2m engine */
export async function command(args: string[]): Promise<number> {
  const [name, ...rest] = args;
  switch (name) {
    case "install":
      return await install(rest);
    case "uninstall":
      return await uninstall(rest);
    case "check": {
      const { checkEngines } = await import("./_check_engines.ts");
      const given = parseArguments("engine check", rest, { switches: ["json"] });
      refuseMore("check", given.positional);
      return await checkEngines(given.has("json"));
    }
    default:
      return await list(args);
  }
}

/** Which engines are here. */
async function list(args: string[]): Promise<number> {
  const given = parseArguments("engine", args, { switches: ["json"] });
  if (given.positional.length > 0) {
    throw new UserError(
      `There is no command engine ${given.positional[0]} (known: install, uninstall, check); see m2m --help.`,
      2,
    );
  }
  const engines = await availableEngines();
  if (given.has("json")) console.log(JSON.stringify(engines, null, 2));
  else {
    for (const { name, available, reason } of engines) {
      console.log(`${name.padEnd(7)} ${available ? "yes" : "no "}  ${reason}`);
    }
  }
  return 0;
}

async function install(args: string[]): Promise<number> {
  const given = parseArguments("engine install", args, { values: ["from"], switches: ["cuda"] });
  refuseMore("install", given.positional);
  const from = given.value("from") ?? "wheel";
  if (from !== "wheel" && from !== "npm") {
    throw new UserError(`m2m engine install: --from must be wheel or npm, found ${from}.`, 2);
  }
  if (from === "npm" && given.has("cuda")) {
    throw new UserError("m2m engine install: --cuda goes with the wheel, not with --from npm.", 2);
  }
  const { installNative } = await import("../engine/native/install.ts");
  const folder = await installNative({ from, cuda: given.has("cuda") });
  console.log(`The native engine is in ${folder}; m2m engine check compares it with the others.`);
  return 0;
}

async function uninstall(args: string[]): Promise<number> {
  refuseMore("uninstall", parseArguments("engine uninstall", args, {}).positional);
  const { uninstallNative } = await import("../engine/native/uninstall.ts");
  const { nativeFolder } = await import("../engine/native/native_folder.ts");
  const folder = nativeFolder();
  console.log(await uninstallNative(folder) ? `Removed ${folder}.` : `There is nothing in ${folder}.`);
  return 0;
}

function refuseMore(name: string, positional: readonly string[]): void {
  if (positional.length > 0) {
    throw new UserError(`m2m engine ${name} takes no ${positional[0]}; see m2m --help.`, 2);
  }
}
