// Bundles the inspector's page into inspect/built/, where a published package has it ready. A checkout needs it only to work without the npm registry: m2m inspect
// bundles by itself.
//   deno task inspect:build
import { fileURLToPath } from "node:url";
import { bundle } from "../inspect/_scripts.ts";

const folder = fileURLToPath(new URL("../inspect/built", import.meta.url));
await bundle(folder);
for (const { name } of Deno.readDirSync(folder)) {
  console.log(`inspect/built/${name}: ${Deno.statSync(`${folder}/${name}`).size} bytes`);
}
