// What `m2m data show` writes and how it ends.
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { main } from "../../cli.ts";
import { synthesizeDatabases } from "../../data/mod.ts";
import { testFolder } from "../pipeline/_tiny.ts";

/** Runs the command in this process. */
async function show(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = "", err = "";
  const { log, error } = console;
  console.log = (text) => out += `${text}\n`;
  console.error = (text) => err += `${text}\n`;
  try {
    return { code: await main(["data", "show", ...args]), out, err };
  } finally {
    Object.assign(console, { log, error });
  }
}

Deno.test("m2m data show writes the page and says where", async () => {
  const root = `${testFolder()}/data`, file = `${root}/page.html`;
  await synthesizeDatabases(root, {
    subjects: { casme2: 1, smic: 1, samm: 1, ckplus: 1, mmi: 1 },
    ...{ clipsPerSubject: 2, macroClipsPerSubject: 2, size: 32, frames: 8, flow: false },
  });
  const asked = ["--database", "samm", "--root", `${root}/samm`, "--out", file, "--clips", "1"];
  const { code, out, err } = await show(...asked);
  assertEquals([code, out, err], [0, `The page is ${file}.\n`, ""]);
  const page = await Deno.readTextFile(file);
  assertStringIncludes(page, "<h1>SAMM</h1>");
  assertEquals(page.match(/class="panel clip"/g)?.length, 1);
  assert(!page.includes("<image"));
  await show(...asked, "--faces"); // takes the place of the first
  assertEquals((await Deno.readTextFile(file)).match(/<image/g)?.length, 3);
  assertEquals([...Deno.readDirSync(root)].filter(({ name }) => name.endsWith(".part")), []);

  const nowhere = await show(...asked.with(5, `${root}/none/page.html`));
  assertEquals([nowhere.code, nowhere.out], [1, ""]);
  assertStringIncludes(nowhere.err, "name another file with --out");
});

Deno.test("m2m data show refuses wrong use with exit code 2, a missing folder with 1", async () => {
  const wrong: [string, ...string[]][] = [
    ["needs --database"],
    ["needs --root", "--database", "samm"],
    ["knows no database sam", "--database", "sam", "--root", "x"],
    ["takes no argument without an option", "--database", "samm", "--root", "x", "y"],
    ["--clips must be a whole number of at least 1", "--database", "samm", "--root", "x", "--clips", "0"],
    ["takes --camera with smic only", "--database", "samm", "--root", "x", "--camera", "HS"],
    ["takes no --table with ckplus", "--database", "ckplus", "--root", "x", "--table", "y.xlsx"],
    ["takes no --frames with mmi", "--database", "mmi", "--root", "x", "--frames", "y"],
    ["there is no option --face", "--database", "samm", "--root", "x", "--face"],
  ];
  for (const [why, ...args] of wrong) {
    const { code, out, err } = await show(...args);
    assertEquals([code, out], [2, ""], why);
    assertStringIncludes(err, why);
  }
  // Told before the database is looked at.
  for (
    const [file, why] of [["no/such/page.html", "no/such does not exist"], [".", "it is a folder"]] as const
  ) {
    const { code, err } = await show("--database", "samm", "--root", "no such folder", "--out", file);
    assertEquals(code, 1);
    assertStringIncludes(err, why);
  }
  const { code, err } = await show("--database", "samm", "--root", "no such folder");
  assertEquals(code, 1);
  assertStringIncludes(err, "no such folder does not exist");
});
