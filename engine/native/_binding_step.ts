import { UserError } from "../../types.ts";
import { headerFolder, libraryFolder } from "./_library_step.ts";
import { packageFolder } from "./_package_step.ts";
import { programFailed, programWorks, runProgram } from "./_run_program.ts";
import { libraries } from "./_settings.ts";

/** The compiled binding within the native folder. */
export const bindingFile = `${packageFolder}/lib/napi-v8/tfjs_binding.node`;

/** A C++ compiler, or the user's error. */
export async function findCompiler(): Promise<string> {
  const compiler = Deno.env.get("CXX") || "g++";
  if (await programWorks(compiler, ["--version"])) return compiler;
  throw new UserError(
    `The native engine's binding is compiled here and needs the C++ compiler ${compiler}: install it (for instance g++ or build-essential) and run m2m engine install again.`,
  );
}

/** Our additions to the binding, in this folder; the native folder gets copies. `functions.cc` takes in the package's tfjs_binding.cc. */
export const additions = ["functions.cc", "execute_beside.cc", "max_pool_gradient.cc"] as const;

/** Puts our sources into the folder, so that a binding that was compiled from other ones is known by its checksum. */
export async function writeAdditions(folder: string): Promise<void> {
  for (const name of additions) {
    const response = await fetch(new URL(`./${name}`, import.meta.url)); // a file, or the package's on a registry
    await Deno.writeTextFile(`${folder}/${name}`, await response.text());
  }
}

/**
 * Compiles the package's binding with our additions against the libraries, in one call. It is written aside and renamed when whole.
 */
export async function bindingStep(folder: string, compiler: string): Promise<void> {
  const home = `${folder}/${packageFolder}`;
  await Deno.mkdir(`${home}/lib/napi-v8`, { recursive: true });
  const { code, said } = await runProgram(compiler, [
    ...["-O3", "-fPIC", "-shared", "-std=c++17", "-DNAPI_VERSION=8"],
    ...[`-I${folder}/node_modules/node-api-headers/include`, `-I${home}/..`, `-I${folder}/${headerFolder}`],
    ...[`${home}/binding/tfjs_backend.cc`, ...additions.map((name) => `${folder}/${name}`)],
    ...["-o", `${folder}/${bindingFile}.part`, `-L${folder}/${libraryFolder}`],
    ...libraries.map((name) => `-l:${name}`),
    "-Wl,--wrap=TFE_Execute", // execute_beside.cc may put it on another thread
    "-Wl,-rpath,$ORIGIN/../../deps/lib", // so that the folder can be moved
  ]);
  if (code !== 0) {
    throw programFailed(
      "Compiling the native engine's binding",
      said,
      "a compiler that knows C++17 is needed; name another one in CXX and run m2m engine install again",
    );
  }
  await Deno.rename(`${folder}/${bindingFile}.part`, `${folder}/${bindingFile}`);
}
