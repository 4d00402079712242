import { assert, assertAlmostEquals, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { dirname } from "node:path";
import sharp from "sharp";
import { loadFlowImages, prepareDatabases, readComposite, readDatabase } from "../../../data/mod.ts";
import { UserError } from "../../../types.ts";
import { ffmpeg, hasFfmpeg, skipped } from "../_ffmpeg.ts";
import { casme2Header, sheet } from "../readers/_databases.ts";
import { smallDatabases, tree } from "./_small.ts";

const names = ["casme2", "smic", "samm"] as const;
const roots = (root: string) => ({ casme2: `${root}/casme2`, smic: `${root}/smic`, samm: `${root}/samm` });

/** A copy that a test may damage. */
async function copyOf(root: string): Promise<string> {
  const to = `${await Deno.makeTempDir()}/copy`;
  await new Deno.Command("cp", { args: ["-r", root, to] }).output();
  return to;
}

async function pixelsOf(file: string): Promise<number[]> {
  return [...await sharp(await Deno.readFile(file)).raw({ depth: "uchar" }).toBuffer()];
}

Deno.test("prepare: whole frames at their own size are the originals; readers read the results as the originals", async () => {
  const data = await smallDatabases(), folder = await Deno.makeTempDir();
  const options = {
    align: "none",
    size: 64,
    flow: "none",
    spot: "none",
    cache: `${folder}/cache`,
    jobs: 2,
  } as const;
  const report = await prepareDatabases(roots(data), `${folder}/out`, options);
  assertEquals([report.leftOut, report.clips, report.unchanged, report.made.crop], [
    [],
    report.clips,
    0,
    report.clips,
  ]);
  for (const name of names) {
    const before = await readDatabase(name, `${data}/${name}`),
      after = await readDatabase(name, `${folder}/out/${name}`);
    const facts = ({ samples }: typeof before) =>
      samples.map((
        { subject, clip, label, onset, apex, offset, apexOrigin },
      ) => [subject, clip, label, apex - onset, offset - onset, apexOrigin]);
    assert(after.samples.length > 0);
    assertEquals(facts(after), facts(before));
    for (const [i, sample] of after.samples.entries()) {
      const from = before.samples[i]!;
      if (sample.source.kind !== "images" || from.source.kind !== "images" || i % 3 > 0) continue;
      const original = from.source.files[from.apex]!;
      if (original.endsWith(".bmp")) continue; // sharp reads none
      assertEquals(
        await pixelsOf(sample.source.files[sample.apex]!),
        await pixelsOf(original).then((p) => p.length === 64 * 64 ? p.flatMap((v) => [v, v, v]) : p),
      );
    }
  }
});

Deno.test({
  name: `prepare: clips that are videos are read again from the results, frame by frame${skipped}`,
  ignore: !hasFfmpeg,
  fn: async () => {
    const root = await Deno.makeTempDir(), header = casme2Header;
    // Twenty frames of 16x16: frame k, from 0, is grey 12 k.
    const pixels = Uint8Array.from({ length: 20 * 16 * 16 * 3 }, (_, i) => 12 * Math.floor(i / 768));
    const film = async (file: string) => {
      await Deno.mkdir(dirname(file), { recursive: true });
      await ffmpeg(`-f rawvideo -pix_fmt rgb24 -s 16x16 -r 30 -i - -c:v ffv1 ${file}`, pixels);
    };
    await film(`${root}/casme2/Cropped/sub01/EP02_01f.avi`);
    await film(`${root}/smic/SMIC_all_cropped/HS/s1/micro/negative/s1_ne_01.avi`);
    await Deno.writeFile(
      `${root}/casme2/CASME2-coding-20140508.xlsx`,
      sheet([header, ["01", "EP02_01f", null, 3, 8, 15, null, 4, "happiness"]]),
    );
    const options = { align: "none", size: 16, flow: "none", cache: `${root}/cache` } as const;
    const both = { casme2: `${root}/casme2`, smic: `${root}/smic` };
    assertEquals((await prepareDatabases(both, `${root}/out`, options)).leftOut, []);
    for (const name of ["casme2", "smic"] as const) {
      const [before] = (await readDatabase(name, both[name])).samples;
      const { samples: [after] } = await readDatabase(name, `${root}/out/${name}`);
      assertEquals([after?.subject, after?.clip, after?.label], [
        before?.subject,
        before?.clip,
        before?.label,
      ]);
      assert(after?.source.kind === "images" && before !== undefined);
      assertEquals(after.offset - after.onset, before.offset - before.onset);
      if (name === "casme2") assertEquals(after.apex - after.onset, before.apex - before.onset);
      else assertEquals(after.apexOrigin, "spotted");
      for (const [k, file] of after.source.files.entries()) {
        const grey = (await pixelsOf(file))[0]!;
        assertAlmostEquals(grey, 12 * (before.onset + k - after.onset), 2);
      }
    }
  },
});

Deno.test("prepare: a second run does nothing; a changed setting redoes what depends on it; the manifest's checksums hold", async () => {
  const data = await smallDatabases(), folder = await Deno.makeTempDir(), out = `${folder}/out`;
  const only = { casme2: `${data}/casme2` };
  const options = { size: 64, cache: `${folder}/cache`, list: `${data}/combined_3class_gt.csv` };
  const first = await prepareDatabases(only, out, options), { clips } = first;
  assertEquals([first.made.face, first.made.crop, first.leftOut.length], [clips, clips, 0]);
  const before = await tree(folder);
  const second = await prepareDatabases(only, out, options);
  assertEquals([second.unchanged, Object.values(second.made).every((count) => count === 0)], [clips, true]);
  assertEquals(await tree(folder), before);
  const flows = first.made.flow;
  assert(flows > 0);
  const smaller = await prepareDatabases(only, out, { ...options, flowSize: 16 });
  assertEquals(smaller.made, { face: 0, crop: 0, magnify: 0, apex: 0, clip: 0, flow: 0 });
  const apart = await prepareDatabases(only, out, { ...options, eyeDistance: 0.3 });
  assertEquals([apart.made.face, apart.made.crop, apart.made.flow], [0, clips, flows]);
  const magnified = await prepareDatabases(only, out, {
    ...options,
    magnify: { alpha: 3, low: 5, high: 40 },
  });
  assertEquals([magnified.made.crop, magnified.made.magnify, magnified.made.flow], [0, clips, flows]);
  const spotted = await prepareDatabases(only, out, { ...options, spot: "all" });
  assertEquals([spotted.made.crop, spotted.made.apex], [0, clips]);
  await Deno.stat(`${out}/casme2/apex.csv`);
  const back = await prepareDatabases(only, out, options);
  assertEquals(Object.values(back.made).every((count) => count === 0), true);
  assertEquals(
    Object.entries(await tree(out)),
    Object.entries(before).filter(([name]) => name.startsWith("out/")).map((
      [name, hash],
    ) => [name.slice(4), hash]),
  );

  const manifest = JSON.parse(await Deno.readTextFile(`${out}/prepare.json`));
  assertEquals(manifest.clips.length, clips);
  const [files, originals] = [await tree(out), await tree(`${data}/casme2`)];
  for (const clip of manifest.clips) {
    for (const { file, sha256 } of clip.outputs) assertEquals(files[file], sha256);
    for (const { file, sha256 } of clip.inputs) assertEquals(originals[file], sha256);
  }
  // A file that was changed behind its back is found when asked for.
  const { file } = manifest.clips[0].outputs[0];
  const bytes = await Deno.readFile(`${out}/${file}`);
  bytes[bytes.length - 20]! ^= 1;
  await Deno.writeFile(`${out}/${file}`, bytes);
  assertEquals((await prepareDatabases(only, out, options)).unchanged, clips);
  assertEquals((await prepareDatabases(only, out, { ...options, verify: true })).unchanged, clips - 1);
  assertEquals(await tree(out), files);
});

Deno.test("prepare: flow pictures under the composite's names and classes, spotted apices for SMIC, clips as NumPy files", async () => {
  const data = await smallDatabases(), folder = await Deno.makeTempDir(), out = `${folder}/out`;
  const list = `${data}/combined_3class_gt.csv`;
  const options = {
    align: "none",
    size: 48,
    cache: `${folder}/cache`,
    list,
    frames: 5,
    interpolation: "tim",
    jobs: 2,
  } as const;
  await prepareDatabases(roots(data), out, options);
  const readings = await Promise.all(names.map((name) => readDatabase(name, `${data}/${name}`)));
  const expected = (await readComposite(list, readings)).samples.map((s) =>
    `${s.database}/${s.subject}/${s.clip} ${s.classIndex}`
  );
  const images = await loadFlowImages(`${out}/flow`);
  assertEquals(
    images.map((s) => `${s.database}/${s.subject}/${s.clip} ${s.classIndex}`).sort(),
    expected.sort(),
  );
  assertEquals(images[0]!.shape, [28, 28, 3]);
  for (const { pixels } of images) {
    for (const c of [0, 1, 2]) {
      const channel = pixels.filter((_, i) => i % 3 === c);
      assertEquals([Math.min(...channel), Math.max(...channel)], [0, 255]); // stretched, so something moved
    }
  }
  const smic = await readDatabase("smic", `${out}/smic`);
  assertEquals(
    smic.samples.every(({ apexOrigin, onset, apex, offset }) =>
      apexOrigin === "spotted" && apex >= onset && apex <= offset
    ),
    true,
  );
  const { subject, clip } = smic.samples[0]!;
  const npy = await Deno.readFile(`${out}/clips/smic/${subject}/${clip}.npy`);
  const text = new TextDecoder().decode(npy.subarray(10, 128));
  assertStringIncludes(text, "'descr': '|u1', 'fortran_order': False, 'shape': (5, 48, 48, 3)");
  assertEquals(npy.length, 128 + 5 * 48 * 48 * 3);
  const source = smic.samples[0]!.source;
  assertEquals(
    [...npy.subarray(128, 128 + 48 * 48 * 3)],
    await pixelsOf(source.kind === "images" ? source.files[0]! : ""),
  );
});

Deno.test("prepare: clips that cannot be are left out by name, a lying face is set upright, the others go on", async () => {
  const data = await copyOf(await smallDatabases()), folder = await Deno.makeTempDir();
  const { samples } = await readDatabase("casme2", `${data}/casme2`);
  const files = samples.map(({ source }) => source.kind === "images" ? source.files : []);
  const [noFace, twoFaces, lying, damaged, odd] = samples;
  const rewrite = async (
    file: string,
    change: (image: ReturnType<typeof sharp>) => ReturnType<typeof sharp>,
  ) =>
    await Deno.writeFile(
      file,
      await change(sharp(await Deno.readFile(file))).jpeg({ quality: 95 }).toBuffer(),
    );
  for (const file of files[0]!) await rewrite(file, (image) => image.linear(0, 90));
  for (const file of files[1]!) {
    const one = await sharp(await Deno.readFile(file)).toBuffer();
    await rewrite(file, () =>
      sharp({ create: { width: 140, height: 64, channels: 3, background: "grey" } })
        .composite([{ input: one, left: 0, top: 0 }, { input: one, left: 76, top: 0 }]));
  }
  for (const file of files[2]!) await rewrite(file, (image) => image.rotate(90));
  const cut = files[3]![damaged!.onset + 1]!;
  await Deno.truncate(cut, 700);
  await rewrite(files[4]![odd!.onset + 2]!, (image) => image.resize(80, 80));
  const report = await prepareDatabases({ casme2: `${data}/casme2` }, `${folder}/out`, {
    size: 64,
    flow: "none",
    cache: `${folder}/cache`,
  });
  const why = Object.fromEntries(report.leftOut.map(({ clip, why }) => [clip, why]));
  const name = ({ database, subject, clip }: typeof samples[number]) => `${database}/${subject}/${clip}`;
  assertEquals(Object.keys(why).sort(), [noFace!, twoFaces!, damaged!, odd!].map(name).sort());
  assertStringIncludes(why[name(noFace!)]!, "no face was found in the onset frame");
  assertStringIncludes(why[name(twoFaces!)]!, "2 faces were found");
  assertStringIncludes(why[name(damaged!)]!, `${cut} cannot be read: it is damaged or no image`);
  assertStringIncludes(why[name(odd!)]!, "is 80x80, but");
  assertEquals(report.notes.map(({ clip }) => clip), [name(lying!)]);
  assertStringIncludes(report.notes[0]!.note, "turned by 270 degrees clockwise");
  // Turned back, it is the face that it was: the same crop as of the frames before.
  const whole = await prepareDatabases({ casme2: `${await smallDatabases()}/casme2` }, `${folder}/whole`, {
    size: 64,
    flow: "none",
    cache: `${folder}/cache`,
  });
  const crop = async (out: string) => {
    const { samples } = await readDatabase("casme2", `${out}/casme2`);
    const { source, onset } = samples.find((sample) => name(sample) === name(lying!))!;
    return await pixelsOf(source.kind === "images" ? source.files[onset]! : "");
  };
  assertEquals(whole.leftOut, []);
  const [turned, upright] = [await crop(`${folder}/out`), await crop(`${folder}/whole`)];
  const difference = turned.reduce((sum, value, i) => sum + Math.abs(value - upright[i]!), 0) / turned.length;
  assert(difference < 8, `mean difference ${difference}`);
});

Deno.test("prepare: a table that was replaced goes, and one folder holds flow of one set of classes", async () => {
  const data = await copyOf(await smallDatabases()), folder = await Deno.makeTempDir();
  const options = { align: "none", size: 32, cache: `${folder}/cache` } as const;
  const casme2 = { casme2: `${data}/casme2` }, out = `${folder}/out`;
  await prepareDatabases(casme2, out, options);
  const tables = () =>
    [...Deno.readDirSync(`${out}/casme2`)].filter(({ isFile }) => isFile).map(({ name }) => name);
  assertEquals(tables().filter((name) => name !== "apex.csv"), ["CASME2-coding-20140508.xlsx"]);
  await Deno.rename(
    `${data}/casme2/CASME2-coding-20140508.xlsx`,
    `${data}/casme2/CASME2-coding-20190701.xlsx`,
  );
  await prepareDatabases(casme2, out, options);
  assertEquals(tables().filter((name) => name !== "apex.csv"), ["CASME2-coding-20190701.xlsx"]);
  assert((await readDatabase("casme2", `${out}/casme2`)).samples.length > 0);
  // Class 0 of CASME II's own set is not class 0 of SMIC's.
  const smic = { smic: `${data}/smic` }, before = await Deno.readTextFile(`${out}/flow/manifest.csv`);
  const error = await assertRejects(
    () => prepareDatabases(smic, out, options),
    UserError,
    "those of casme2 in that folder have other classes",
  );
  assertEquals(error.exitCode, 2);
  assertEquals(await Deno.readTextFile(`${out}/flow/manifest.csv`), before);
  await prepareDatabases(smic, out, { ...options, flow: "none" });
  assertEquals(await Deno.readTextFile(`${out}/flow/manifest.csv`), before);
  // By the official list both have the same classes; the pictures must be alike too.
  const list = `${data}/combined_3class_gt.csv`;
  await prepareDatabases(casme2, out, { ...options, list });
  await assertRejects(
    () => prepareDatabases(smic, out, { ...options, list, flowSize: 20 }),
    UserError,
    "other settings (--flow png --flow-size 28)",
  );
  await prepareDatabases(smic, out, { ...options, list });
  const images = await loadFlowImages(`${out}/flow`);
  assertEquals([...new Set(images.map(({ database }) => database))].sort(), ["casme2", "smic"]);
});

Deno.test("prepare: refusals, each in one sentence", async () => {
  const data = await smallDatabases(), folder = await Deno.makeTempDir(), only = { casme2: `${data}/casme2` };
  const cache = `${folder}/cache`, plain = { align: "none", flow: "none", size: 32 } as const;
  await Deno.writeTextFile(`${folder}/note.txt`, "mine");
  await assertRejects(
    () => prepareDatabases(only, folder, { ...plain, cache }),
    UserError,
    "holds something else (note.txt)",
  );
  assertEquals(await Deno.readTextFile(`${folder}/note.txt`), "mine");
  await assertRejects(
    () => prepareDatabases(only, `${folder}/a`, { ...plain, cache, size: 3 }),
    RangeError,
    "size must be a whole number from 16",
  );
  await assertRejects(
    () => prepareDatabases(only, `${folder}/a`, { ...plain, cache: `${folder}/note.txt` }),
    UserError,
    "Cannot write",
  );
  await prepareDatabases(only, `${folder}/a`, { ...plain, cache });
  // Results read as frames, or frames overwritten by results: not even through a link.
  await Deno.symlink(`${folder}/a/casme2`, `${folder}/link`);
  const before = await Deno.readTextFile(`${folder}/a/prepare.json`);
  for (
    const [root, out] of [
      [`${folder}/a/casme2`, `${folder}/a`],
      [`${folder}/link`, `${folder}/a`],
      [`${folder}/a`, `${folder}/a`],
      [`${folder}/a/casme2`, `${folder}/a/casme2/new/deeper`],
    ] as const
  ) {
    const error = await assertRejects(
      () => prepareDatabases({ casme2: root }, out, { ...plain, size: 48, cache }),
      UserError,
      "one lies in the other",
    );
    assertEquals(error.exitCode, 2);
  }
  assertEquals(await Deno.readTextFile(`${folder}/a/prepare.json`), before);
  await assertRejects(
    () => prepareDatabases(only, `${folder}/a`, { size: 32, cache, list: `${folder}/none.csv` }),
    UserError,
    "none.csv",
  );
  // Only the official list or a single database gives classes.
  await assertRejects(
    () => prepareDatabases(roots(data), `${folder}/b`, { size: 32, cache }),
    UserError,
    "--list",
  );
  // No clip at all, and none of the list: nothing that looks like success.
  const none = await copyOf(data);
  const table = `${none}/casme2/CASME2-coding-20140508.xlsx`;
  await Deno.writeFile(table, sheet([casme2Header, ["25", "EP01_01", null, 3, 8, 15, null, 4, "happiness"]]));
  await assertRejects(
    () => prepareDatabases({ casme2: `${none}/casme2` }, `${folder}/b`, { ...plain, cache }),
    UserError,
    "it has no usable clip",
  );
  const list = `${folder}/smic.csv`;
  await Deno.writeTextFile(list, "smic,s01,s01_ne_01,0\r\n");
  await assertRejects(
    () => prepareDatabases(only, `${folder}/b`, { ...plain, flow: "png", flowSize: 16, cache, list }),
    UserError,
    `no clip of casme2 is in the list ${list}`,
  );
  // Records that were damaged or tampered with.
  const record = [...Deno.readDirSync(`${folder}/a/.prepare/clips/casme2`)][0]!.name;
  const file = `${folder}/a/.prepare/clips/casme2/${record}`,
    whole = JSON.parse(await Deno.readTextFile(file));
  for (const text of ["", "null", "7", '{"state": 1}']) {
    await Deno.writeTextFile(file, text);
    const { clips, unchanged } = await prepareDatabases(only, `${folder}/a`, { ...plain, cache });
    assertEquals(clips - unchanged, 1, text);
    assertEquals(JSON.parse(await Deno.readTextFile(file)), whole);
  }
  const outputs = [...whole.outputs, { file: "../note.txt", bytes: 4, sha256: "" }];
  await Deno.writeTextFile(file, JSON.stringify({ ...whole, outputs, state: "another" }));
  await prepareDatabases(only, `${folder}/a`, { ...plain, cache });
  assertEquals(await Deno.readTextFile(`${folder}/note.txt`), "mine");
  await Deno.writeTextFile(`${folder}/a/.prepare/samm.json`, "{");
  await assertRejects(
    () => prepareDatabases(only, `${folder}/a`, { ...plain, cache }),
    UserError,
    "samm.json: it is damaged",
  );
  await Deno.remove(`${folder}/a/.prepare/samm.json`);
  const own = `${folder}/a/.prepare/casme2.json`, good = await Deno.readTextFile(own);
  for (const text of ["{", "null"]) {
    await Deno.writeTextFile(own, text);
    await prepareDatabases(only, `${folder}/a`, { ...plain, cache });
    assertEquals(await Deno.readTextFile(own), good);
  }
  await Deno.writeTextFile(`${folder}/a/.prepare/running`, `${Deno.hostname()} ${Deno.ppid}`);
  await assertRejects(
    () => prepareDatabases(only, `${folder}/a`, { ...plain, cache }),
    UserError,
    `process ${Deno.ppid}`,
  );
  await Deno.remove(`${folder}/a/.prepare/running`);
  await Deno.remove(`${folder}/a/prepare.json`);
  await assertRejects(() => readDatabase("casme2", `${folder}/a/casme2`), UserError, "was interrupted there");
  // Interrupted before the tables are copied, it is told as such all the same.
  await Deno.rename(`${folder}/a/casme2`, `${folder}/a/there`);
  await Deno.mkdir(`${folder}/a/casme2`);
  await assertRejects(() => readDatabase("casme2", `${folder}/a/casme2`), UserError, "was interrupted there");
  await Deno.remove(`${folder}/a/casme2`);
  await Deno.rename(`${folder}/a/there`, `${folder}/a/casme2`);
  assertEquals((await prepareDatabases(only, `${folder}/a`, { ...plain, cache })).unchanged > 0, true);
  assertEquals((await readDatabase("casme2", `${folder}/a/casme2`)).samples.length > 0, true);
});
