import { assertEquals, assertStringIncludes } from "@std/assert";
import sharp from "sharp";
import { readDatabase, synthesizeDatabases } from "../../data/mod.ts";
import { commandArgs } from "../_engine.ts";

async function m2m(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: commandArgs("data", "prepare", ...args),
    stdin: "null",
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), err: text(stderr) };
}

Deno.test("m2m data prepare: makes, says that there is nothing to do, tells a damaged frame and goes on", async () => {
  const folder = await Deno.makeTempDir(), data = `${folder}/data`;
  const subjects = { casme2: 1, smic: 0, samm: 0, ckplus: 0, mmi: 0 };
  await synthesizeDatabases(data, { subjects, clipsPerSubject: 3, size: 48, frames: 6 });
  const args = [
    "--data",
    data,
    "--out",
    `${folder}/out`,
    "--cache",
    `${folder}/cache`,
    "--align",
    "none",
    "--size",
    "32",
    "--grey",
  ];
  const first = await m2m(...args);
  assertEquals(first.code, 0, first.err);
  assertStringIncludes(first.out, "Prepared 3 clips");
  assertStringIncludes(first.err, "(100 %, done)");
  const { samples } = await readDatabase("casme2", `${folder}/out/casme2`);
  const files = samples.map(({ source }) => source.kind === "images" ? source.files : []);
  const { width, height, channels } = await sharp(files[0]![0]).metadata();
  assertEquals([width, height, channels], [32, 32, 1]);
  const second = await m2m(...args);
  assertEquals([second.code, second.err, second.out], [
    0,
    "",
    `Nothing to do: 3 clips in ${folder}/out are up to date.\n`,
  ]);
  const original = (await readDatabase("casme2", `${data}/casme2`)).samples[1]!;
  const broken = original.source.kind === "images" ? original.source.files[original.apex]! : "";
  await Deno.writeTextFile(broken, "");
  const third = await m2m(...args, "--quiet");
  assertEquals(third.code, 1);
  assertStringIncludes(
    third.err,
    `left out casme2/${original.subject}/${original.clip}: the frame ${broken} cannot be read: the file is empty`,
  );
  assertStringIncludes(third.out, "Prepared 2 clips");
  // What was made of it before is gone: nothing tells it from what belongs to the new inputs.
  assertEquals((await readDatabase("casme2", `${folder}/out/casme2`)).samples.length, 2);
  const bare = await m2m(...args, "--skip-images", "--frames", "4", "--flow", "none");
  assertStringIncludes(bare.out, "Prepared 2 clips");
  const made = [...Deno.readDirSync(`${folder}/out`)].map(({ name }) => name);
  assertEquals([made.includes("clips"), made.includes("flow")], [true, false]);
  await m2m(...args);
  const json = JSON.parse((await m2m(...args, "--json")).out);
  assertEquals([json.clips, json.unchanged, json.leftOut.length], [2, 2, 1]);
});

Deno.test("m2m data prepare: wrong use, exit code 2", async () => {
  const none = await Deno.makeTempDir();
  for (
    const [args, message] of [
      [["--data", none], "needs --out"],
      [["--out", `${none}/o`], "needs --data"],
      [
        ["--out", `${none}/o`, "--database", "casme", "--root", none],
        "there is no database casme (did you mean casme2?)",
      ],
      [["--out", `${none}/o`, "--database", "casme2"], "--database NAME --root DIR"],
      [["--out", `${none}/o`, "--data", none, "--algin", "none"], "there is no option --algin"],
      [
        ["--out", `${none}/o`, "--database", "casme2", "--root", none, "--align", "eyes"],
        "align must be one of face, none",
      ],
      [
        ["--out", `${none}/o`, "--database", "casme2", "--root", none, "--crop", "1,2"],
        "--crop takes LEFT,TOP,WIDTH,HEIGHT",
      ],
      [
        ["--out", `${none}/o`, "--database", "casme2", "--root", none, "--align", "none", "--crop", ",,1,1"],
        "--crop takes LEFT,TOP,WIDTH,HEIGHT",
      ],
      [
        ["--out", `${none}/o`, "--database", "casme2", "--root", none, "--databases", "smic"],
        "--database NAME --root DIR",
      ],
      [
        ["--out", `${none}/o`, "--database", "ckplus", "--root", none, "--table", "x.xlsx"],
        "no --table with ckplus",
      ],
      [["--out", `${none}/o`, "--data", none, "--jobs", "-1"], "--jobs takes no negative number, found -1"],
      [
        ["--out", `${none}/o`, "--database", "casme2", "--root", none, "--jobs=-1"],
        "--jobs must be a whole number of at least 1",
      ],
      [["--out", `${none}/o/p`, "--database", "casme2", "--root", `${none}/o`], "one lies in the other"],
    ] as const
  ) {
    const { code, err } = await m2m(...args);
    assertEquals(
      [code, err.includes(message), err.includes("    at ")],
      [2, true, false],
      `${args.join(" ")}: ${err}`,
    );
  }
  const empty = await m2m("--out", `${none}/o`, "--data", none);
  assertEquals(empty.code, 1);
  assertStringIncludes(empty.err, "holds none of casme2");
});
