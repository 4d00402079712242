// The ten lines of docs/use_a_model.md, run as they stand but for the names of the run and of the frames.
import { assert, assertEquals } from "@std/assert";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { testFolder } from "../pipeline/_tiny.ts";
import { keptRun } from "./_models.ts";

/** The first folder with several images. */
function framesBelow(folder: string): string | undefined {
  const entries = [...Deno.readDirSync(folder)].sort((a, b) => a.name < b.name ? -1 : 1);
  const images = entries.filter(({ name }) => /\.(bmp|jpg|png)$/.test(name));
  if (images.length > 5) return folder;
  for (const { name, isDirectory } of entries) {
    const found = isDirectory ? framesBelow(`${folder}/${name}`) : undefined;
    if (found) return found;
  }
  return undefined;
}

Deno.test("the ten lines of the documentation give an answer", async () => {
  const run = await keptRun(), frames = framesBelow(`${testFolder()}/data/smic`)!;
  const root = fileURLToPath(new URL("../../", import.meta.url));
  const document = await Deno.readTextFile(`${root}docs/use_a_model.md`);
  const code = /```ts\n([^]*?)```/.exec(document)![1]!;
  assert(code.includes('"runs/cde"') && code.includes('"frames"'));
  const file = `${root}tests/predict/ten_lines_${Deno.pid}.tmp.ts`; // within the package, whose names it imports
  await Deno.writeTextFile(
    file,
    code.replace('"runs/cde"', JSON.stringify(run)).replace('"frames"', JSON.stringify(frames)),
  );
  try {
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--config", Deno.env.get("M2M_CONFIG") ?? `${dirname(root)}/deno.json`, file],
      env: { NO_COLOR: "1" },
    }).output();
    assertEquals(code, 0, new TextDecoder().decode(stderr));
    const text = new TextDecoder().decode(stdout);
    assert(/^1 (negative|positive|surprise) \[/.test(text), text);
  } finally {
    await Deno.remove(file);
  }
});
