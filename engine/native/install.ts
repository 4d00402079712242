import { statfsSync } from "node:fs";
import { UserError } from "../../types.ts";
import { additions, bindingFile, bindingStep, findCompiler, writeAdditions } from "./_binding_step.ts";
import { findPython, libraryFolder, libraryStep } from "./_library_step.ts";
import { digestsOf, type Marker, readMarker, stepIsDone, writeMarker } from "./_marker.ts";
import { packageFolder, packageStep } from "./_package_step.ts";
import { diskIsFull } from "./_run_program.ts";
import { libraries, libraryBytes, type Wheel, wheelFor } from "./_settings.ts";
import { nativeFolder } from "./native_folder.ts";

/** Options of `installNative`. */
export interface InstallNativeOptions {
  /**
   * `wheel`: the current libtensorflow out of a Python wheel, the binding compiled here. `npm`: the package's own install step.
   * @default {"wheel"}
   */
  from?: "wheel" | "npm";
  /** Takes the wheel for CUDA. Nobody has tried it. @default {false} */
  cuda?: boolean;
  /** The folder to install into. @default the user's cache folder, or `M2M_NATIVE` */
  folder?: string;
  /** Told about each step. @default {console.error} */
  say?: (line: string) => void;
}

/**
 * Installs the native engine: the npm package, libtensorflow beside it, the compiled binding. A finished step, known by the
 * checksums of its files, is not done again, so that an interrupted installation goes on where it ended.
 *
 * @returns The folder it is in.
 * @throws UserError for a missing program, a full disk, no network, or a machine that there is no library for.
 */
export async function installNative(options: InstallNativeOptions = {}): Promise<string> {
  const { from = "wheel", cuda = false, folder = nativeFolder(), say = console.error } = options;
  const tools = from === "npm" ? undefined : await requirements(cuda, say);
  const source = tools?.wheel.requirement ?? "npm";
  await makeFolder(folder);
  using lock = await Deno.open(`${folder}/lock`, { write: true, create: true });
  await lock.lock(true); // a second installation waits for the first
  const marker = await startMarker(folder, source);
  const work = `${folder}/work`;
  let changed = false;
  const step = async (name: string, files: readonly string[], what: string, run: () => Promise<void>) => {
    if (!changed && await stepIsDone(folder, marker, name)) return say(`${what}: there already`);
    changed = true; // what follows is built from it
    delete marker.steps[name];
    await writeMarker(folder, marker);
    say(what);
    try {
      await run();
    } catch (error) {
      throw (error as { code?: string }).code === "ENOSPC" ? diskIsFull(what) : error;
    }
    marker.steps[name] = await digestsOf(folder, files);
    await writeMarker(folder, marker);
  };
  const sources = [
    "package.json",
    "binding/tfjs_backend.cc",
    "dist/nodejs_kernel_backend.js",
    "dist/proto/api_pb.js",
  ];
  await step(
    "package",
    [...sources.map((file) => `${packageFolder}/${file}`), ...(tools ? [] : [bindingFile])],
    "1 of 3: @tensorflow/tfjs-node-gpu from npm",
    () => packageStep(folder, tools === undefined, `${work}/package`),
  );
  if (tools !== undefined) {
    changed = false; // the libraries don't depend on the package
    const { wheel, python, compiler } = tools;
    await step(
      "library",
      libraries.map((name) => `${libraryFolder}/${name}`),
      `2 of 3: libtensorflow from ${wheel.requirement}`,
      async () => {
        refuseFullDisk(folder, wheel);
        await libraryStep(folder, wheel, python, work, say);
      },
    );
    await writeAdditions(folder);
    await step(
      "functions",
      [bindingFile, ...additions],
      "3 of 3: the binding, compiled here in about 20 s",
      () => bindingStep(folder, compiler),
    );
  }
  await Deno.remove(work, { recursive: true }).catch(() => {});
  return folder;
}

/** The wheel for this machine and the programs, looked for before anything is fetched. */
async function requirements(
  cuda: boolean,
  say: (line: string) => void,
): Promise<{ wheel: Wheel; python: string; compiler: string }> {
  const { os, arch } = Deno.build;
  const wheel = os === "linux" ? wheelFor(arch, cuda) : undefined;
  if (wheel === undefined) {
    throw new UserError(
      `There is no libtensorflow for ${os} on ${arch} that the binding has been built with; try m2m engine install --from npm.`,
    );
  }
  if (wheel.sha256 === undefined) {
    say(
      `Note: nobody has tried this binding with ${wheel.requirement} on ${arch} yet; m2m engine check tells whether it works.`,
    );
  }
  return { wheel, compiler: await findCompiler(), python: await findPython() };
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await Deno.mkdir(folder, { recursive: true });
  } catch (error) {
    throw new UserError(
      `The folder ${folder} for the native engine cannot be made (${
        (error as Error).message
      }); name another one in M2M_NATIVE.`,
    );
  }
}

/** The folder's marker; a folder with something else in it is refused, since uninstalling removes it whole. */
async function startMarker(folder: string, source: string): Promise<Marker> {
  const found = readMarker(folder);
  if (found?.source === source) return found;
  const others = [...Deno.readDirSync(folder)].filter(({ name }) => name !== "lock");
  if (found === undefined && others.length > 0) {
    throw new UserError(
      `The folder ${folder} for the native engine holds something else (${
        others[0]?.name
      }); empty it or name another one in M2M_NATIVE.`,
    );
  }
  for (const { name } of others) await Deno.remove(`${folder}/${name}`, { recursive: true });
  const marker: Marker = { madeBy: "m2m engine install", source, steps: {} };
  await writeMarker(folder, marker);
  return marker;
}

function refuseFullDisk(folder: string, wheel: Wheel): void {
  const { bavail, bsize } = statfsSync(folder);
  const [free, needed] = [bavail * bsize, wheel.bytes + libraryBytes + 5e7];
  if (free >= needed) return;
  const gigabytes = (bytes: number) => (bytes / 1e9).toFixed(1);
  throw new UserError(
    `The native engine needs ${gigabytes(needed)} GB on the disk of ${folder}, where ${
      gigabytes(free)
    } GB are free; free some, or name a folder elsewhere in M2M_NATIVE.`,
  );
}
