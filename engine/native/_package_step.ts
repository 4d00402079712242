import { cpSync } from "node:fs";
import { UserError } from "../../types.ts";
import { treeDigest } from "./_digest.ts";
import { programFailed, runProgram } from "./_run_program.ts";
import { npmPackages, packageDigest } from "./_settings.ts";

/** The package's folder within the native folder. */
export const packageFolder = "node_modules/@tensorflow/tfjs-node-gpu";

/** The folders of the package that are built or loaded. */
export const packageParts = ["binding", "dist"];

/**
 * Gets the npm packages through Deno and copies the ones that are needed into `folder/node_modules`. With `ownInstall` the
 * package's own install step runs, which fetches the libtensorflow of its time and a compiled binding.
 */
export async function packageStep(folder: string, ownInstall: boolean, work: string): Promise<void> {
  await Deno.mkdir(work, { recursive: true });
  await Deno.writeTextFile(`${work}/package.json`, JSON.stringify({ dependencies: npmPackages }));
  await Deno.writeTextFile(`${work}/deno.json`, JSON.stringify({ nodeModulesDir: "auto" }));
  const name = "@tensorflow/tfjs-node-gpu";
  const scripts = ownInstall ? [`--allow-scripts=npm:${name}@${npmPackages[name]}`] : [];
  const { code, said } = await runProgram(
    Deno.execPath(),
    ["install", "--config", `${work}/deno.json`, "--no-lock", ...scripts],
    { cwd: work, env: { NO_COLOR: "1" } },
  );
  if (code !== 0) {
    throw programFailed(
      ownInstall ? `The install step of ${name}` : `Getting ${name} from npm`,
      said,
      ownInstall
        ? "its host may be out of reach: leave out --from npm"
        : "check the network and npm's settings, and install again",
    );
  }
  for (const needed of Object.keys(npmPackages)) {
    cpSync(Deno.realPathSync(`${work}/node_modules/${needed}`), `${folder}/node_modules/${needed}`, {
      recursive: true,
      verbatimSymlinks: true,
    });
  }
  const digest = await treeDigest(`${folder}/${packageFolder}`, packageParts);
  if (digest !== packageDigest) {
    throw new UserError(
      `${name}@${
        npmPackages[name]
      } from npm is not the package that is known here (checksum ${digest}); check the npm registry in use.`,
    );
  }
}
