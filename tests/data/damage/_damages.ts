// Ways in which copies of databases are damaged, and what must be told of each.
import { assert } from "@std/assert";
import { dirname, join } from "node:path";
import { strFromU8, strToU8, unzipSync, zipSync } from "fflate";
import sharp from "sharp";
import type { XlsxCell } from "../../../data/mod.ts";
import { nameOf, type Patient, type Whole } from "./_patient.ts";

/** A problem that must be told: clip, field, and a part of what was found. */
export type Told = readonly [clip: string, field: string, found: string];

/** What a damage must lead to. */
export type Outcome =
  /** The copy is refused, with these words. */
  | { readonly refused: readonly string[] }
  /** These problems are told, and none of a clip that is not named here. */
  | { readonly told: readonly Told[] };

/** A named damage. */
export interface Damage {
  readonly name: string;
  readonly database: Whole;
  readonly needs?: "ffmpeg";
  readonly harm: (patient: Patient) => Promise<Outcome>;
}

const damages: Damage[] = [];
function add(database: Whole, name: string, harm: Damage["harm"], needs?: "ffmpeg"): void {
  damages.push({ name, database, harm, ...(needs === undefined ? {} : { needs }) });
}
const told = (...list: Told[]): Outcome => ({ told: list });
const refused = (...words: string[]): Outcome => ({ refused: words });
const nothing = told();

const cut = async (file: string, keep: (length: number) => number) =>
  await Deno.writeFile(file, (await Deno.readFile(file)).slice(0, keep((await Deno.stat(file)).size)));
const half = (length: number) => Math.floor(length / 2);
const picture = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: { r: 120, g: 100, b: 90 } } });
const again = async (file: string, change: (image: ReturnType<typeof sharp>) => ReturnType<typeof sharp>) => {
  // sharp cannot read a file that it is writing.
  await Deno.writeFile(file, await change(sharp(await Deno.readFile(file))).toBuffer());
};
const cmyk = (image: ReturnType<typeof sharp>) => image.toColourspace("cmyk").jpeg();
const grey = (image: ReturnType<typeof sharp>) => image.greyscale().toColourspace("b-w").jpeg();
const deep = (image: ReturnType<typeof sharp>) => image.toColourspace("rgb16").png();

// Frames ------------------------------------------------------------------------------------------------------------------------

const frameKinds: readonly (readonly [name: string, found: string, harm: (file: string) => Promise<void>])[] =
  [
    ["zero-byte", "the file is empty", (file) => Deno.writeFile(file, new Uint8Array())],
    ["cut in half", "damaged or no image", (file) => cut(file, half)],
    ["cut to its first 20 bytes", "damaged or no image", (file) => cut(file, () => 20)],
    [
      "an error page of a server",
      "damaged or no image",
      (file) => Deno.writeTextFile(file, "<html><body>403 Forbidden</body></html>"),
    ],
    [
      "of another size",
      "48x40 instead of 32x32",
      async (file) => Deno.writeFile(file, await picture(48, 40).jpeg().toBuffer()),
    ],
    ["of 16 bits", "16-bit colour instead of 8-bit", (file) => again(file, deep)],
    ["in CMYK", "8-bit CMYK instead of 8-bit", (file) => again(file, cmyk)],
    [
      "with transparency",
      "with transparency instead of",
      (file) => again(file, (image) => image.ensureAlpha(0.5).png()),
    ],
    ["a moving GIF under its old name", "GIF instead of JPEG", (file) => again(file, (image) => image.gif())],
    ["a folder of that name", "missing", async (file) => {
      await Deno.remove(file);
      await Deno.mkdir(file);
    }],
    ["a pipe, from which nothing ever comes", "missing", async (file) => {
      await Deno.remove(file);
      await new Deno.Command("mkfifo", { args: [file] }).output();
      assert(!(await Deno.stat(file)).isFile);
    }],
    ["a link to a device", "missing", async (file) => {
      await Deno.remove(file);
      await Deno.symlink("/dev/zero", file);
    }],
    ["a link that leads nowhere", "the file is missing", async (file) => {
      await Deno.remove(file);
      await Deno.symlink(`${file}.gone`, file);
    }],
    ["huge", "50000x50000, too large", async (file) => {
      const bytes = new Uint8Array(await picture(8, 8).png().toBuffer());
      const view = new DataView(bytes.buffer);
      view.setUint32(16, 50000);
      view.setUint32(20, 50000);
      view.setUint32(29, crc32(bytes.subarray(12, 29)));
      await Deno.writeFile(file, bytes);
    }],
  ];
for (const database of ["casme2", "samm"] as const) {
  for (const [name, found, harm] of frameKinds) {
    add(database, `a frame is ${name}`, async (patient) => {
      const { name, files } = patient.clip(1);
      await harm(files[2]!);
      return told([name, "frames", found]);
    });
  }
}
add("casme2", "a frame lacks its last two bytes", async (patient) => {
  const { name, files } = patient.clip(0);
  await cut(files[3]!, (length) => length - 2);
  return told([name, "frames", `${nameOf(files[3]!)}: it is damaged`]);
});
add("casme2", "the second half of a frame is zeros, as of a bad disk", async (patient) => {
  const { name, files } = patient.clip(0);
  const bytes = await Deno.readFile(files[3]!);
  await Deno.writeFile(files[3]!, bytes.fill(0, half(bytes.length)));
  return told([name, "frames", `${nameOf(files[3]!)}: it is damaged`]);
});
add("casme2", "a frame is grey among coloured ones", async (patient) => {
  const { name, files } = patient.clip(2);
  await again(files[1]!, grey);
  return told([name, "frames", "8-bit grey instead of 8-bit colour"]);
});
add("samm", "a frame is coloured among grey ones", async (patient) => {
  const { name, files } = patient.clip(2);
  await Deno.writeFile(files[1]!, await picture(32, 32).jpeg().toBuffer());
  return told([name, "frames", "8-bit colour instead of 8-bit grey"]);
});
add("casme2", "all frames of a clip are in CMYK", async (patient) => {
  const { name, files } = patient.clip(2);
  for (const file of files) await again(file, cmyk);
  return told([name, "frames", "all its frames: 8-bit CMYK instead of 8-bit colour"]);
});
add("casme2", "all frames of a clip are grey", async (patient) => {
  const { name, files } = patient.clip(2);
  for (const file of files) await again(file, grey);
  return told([name, "frames", "all its frames: 8-bit grey instead of 8-bit colour"]);
});
add("casme2", "all frames of a clip are twice as large", async (patient) => {
  const { name, files } = patient.clip(2);
  for (const file of files) await again(file, (image) => image.resize(64, 64).jpeg());
  return told([name, "frames", "all its frames are 64x64, where 32x32 is usual"]);
});
const turned = (image: ReturnType<typeof sharp>) => image.withMetadata({ orientation: 6 }).jpeg();
add("casme2", "a frame asks to be turned", async (patient) => {
  const { name, files } = patient.clip(1);
  await again(files[2]!, turned);
  return told([name, "frames", "8-bit colour turned by EXIF instead of 8-bit colour"]);
});
add("casme2", "all frames of a clip ask to be turned", async (patient) => {
  const { name, files } = patient.clip(1);
  for (const file of files) await again(file, turned);
  return told([name, "frames", "all its frames: 8-bit colour turned by EXIF"]);
});
add("samm", "the frames of a clip are TIFF", async (patient) => {
  const { name, files } = patient.clip(1);
  for (const file of files) {
    await again(file, (image) => image.tiff());
    await Deno.rename(file, file.replace(/jpg$/, "tif"));
  }
  return told([name, "frames", ".tif, "], [name, "frames", "on disk (no frame)"]);
});
add("ckplus", "a frame is of 16 bits", async (patient) => {
  const { name, files } = patient.clip(0);
  await again(files[2]!, (image) => image.toColourspace("grey16").png());
  return told([name, "frames", "16-bit grey instead of 8-bit"]);
});
add("ckplus", "a PNG is cut short", async (patient) => {
  const { name, files } = patient.clip(1);
  await cut(files.at(-1)!, (length) => length - 60);
  return told([name, "frames", `${nameOf(files.at(-1)!)}: it is damaged`]);
});
add("smic", "a BMP is cut short", async (patient) => {
  const { name, files } = patient.clip(1);
  await cut(files[0]!, (length) => length - 1);
  return told([name, "frames", "cut short"]);
});
add("smic", "a BMP says that it is of 4 bits", async (patient) => {
  const { name, files } = patient.clip(1);
  const bytes = await Deno.readFile(files[0]!);
  bytes[28] = 4;
  await Deno.writeFile(files[0]!, bytes);
  return told([name, "frames", "a BMP of 4 bits"]);
});
add("smic", "a BMP says that its pixels begin in its header", async (patient) => {
  const { name, files } = patient.clip(1);
  const bytes = await Deno.readFile(files[0]!);
  await Deno.writeFile(files[0]!, bytes.fill(0, 10, 14));
  return told([name, "frames", "its header is damaged"]);
});
add("smic", "a frame is a JPEG under the name of a BMP", async (patient) => {
  const { name, files } = patient.clip(3);
  await Deno.writeFile(files[2]!, await picture(32, 32).jpeg().toBuffer());
  return told([name, "frames", "JPEG instead of BMP"]);
});

// Files and folders -------------------------------------------------------------------------------------------------------------

add("casme2", "a frame is missing", async (patient) => {
  const { name, files } = patient.clip(0);
  await Deno.remove(files[4]!);
  return told([name, "frames", "is missing"]);
});
add("samm", "the first, the apex and the last frame are missing", async (patient) => {
  const { name, files, sample } = patient.clip(0);
  for (const k of [sample.onset, sample.apex, sample.offset]) await Deno.remove(files[k]!);
  return told([name, "frames", "are missing"]);
});
add("casme2", "more than half of a clip's frames are missing", async (patient) => {
  const { name, files } = patient.clip(1);
  for (const file of files.slice(2)) await Deno.remove(file);
  return told([name, "frames", "are on disk"]);
});
for (const database of ["casme2", "smic", "samm", "ckplus", "mmi"] as const) {
  add(database, "a clip's folder is empty of frames", async (patient) => {
    const { name, files } = patient.clip(1);
    for (const file of files) await Deno.remove(file);
    return told([name, "frames", database === "mmi" ? "neither a video (avi, mpg, mp4) nor images" : "0"]);
  });
}
add("casme2", "a clip's folder is missing", async (patient) => {
  const { name, folder } = patient.clip(2);
  await Deno.remove(folder, { recursive: true });
  return told([name, "folder", "missing"]);
});
add("samm", "a clip's folder has another name", async (patient) => {
  const { name, folder } = patient.clip(2);
  await Deno.rename(folder, `${dirname(folder)}/old`);
  return told([name, "folder", "missing"], [`${name.split("/")[0]}/old`, "row", "none"]);
});
add("casme2", "a subject's folder is missing", async (patient) => {
  const { folder, sample } = patient.clip(0);
  await Deno.remove(dirname(folder), { recursive: true });
  return told(
    ...patient.clips.filter((clip) => clip.sample.subject === sample.subject).map((
      { name },
    ): Told => [name, "folder", "missing"]),
  );
});
add("casme2", "the folders of subjects and clips are in capitals", async (patient) => {
  for (const { folder } of patient.clips) {
    await Deno.rename(folder, join(dirname(folder), nameOf(folder).toUpperCase()));
  }
  for (const subject of new Set(patient.clips.map(({ folder }) => dirname(folder)))) {
    await Deno.rename(subject, join(dirname(subject), nameOf(subject).toUpperCase()));
  }
  return nothing;
});
add("samm", "frames end in .JPG", async (patient) => {
  for (const file of patient.clip(0).files) await Deno.rename(file, file.replace(/\.jpg$/, ".JPG"));
  return nothing;
});
add("casme2", "hidden files, thumbnails and notes lie among the frames", async (patient) => {
  const { folder } = patient.clip(0);
  for (const name of [".DS_Store", "._reg_img1.jpg", "Thumbs.db", "notes.txt", "~$table.xlsx"]) {
    await Deno.writeTextFile(join(folder, name), "x");
  }
  await Deno.mkdir(join(folder, "__MACOSX"));
  return nothing;
});
add("casme2", "a frame was copied as (1)", async (patient) => {
  const { name, files } = patient.clip(0);
  await Deno.copyFile(files[1]!, files[1]!.replace(".jpg", " (1).jpg"));
  return told([name, "frames", " (1).jpg"]);
});
add("casme2", "a frame lost its number", async (patient) => {
  const { name, files } = patient.clip(0);
  await Deno.rename(files[3]!, join(dirname(files[3]!), "reg_img.jpg"));
  return told([name, "frames", "reg_img.jpg"], [name, "frames", "is missing"]);
});
add("samm", "a frame has the number of another, without its zeros", async (patient) => {
  const { name, files } = patient.clip(0);
  await Deno.rename(files[3]!, files[4]!.replace(/_0*(\d+)\.jpg$/, "_$1.jpg"));
  return told([name, "frames", nameOf(files[4]!).replace(/_0*(\d+)\.jpg$/, "_$1.jpg")], [
    name,
    "frames",
    "is missing",
  ]);
});
add("casme2", "a frame has a number far beyond the clip", async (patient) => {
  const { name, files } = patient.clip(0);
  await Deno.rename(files[3]!, files[3]!.replace(/\d+\.jpg$/, "90500.jpg"));
  return told([name, "frames", "is missing"]);
});
add("casme2", "a frame beside the clip has a number far beyond it", async (patient) => {
  const { name, files } = patient.clip(0);
  await Deno.copyFile(files[3]!, files[3]!.replace(/\d+\.jpg$/, "90500.jpg"));
  return told([name, "frames", "lack"]);
});
add("casme2", "frames of another clip were renamed into a folder", async (patient) => {
  const [into, from] = [patient.clip(0), patient.clip(1)];
  for (const file of from.files.slice(0, 2)) {
    await Deno.copyFile(file, join(into.folder, nameOf(file).replace("reg_", "raw_")));
  }
  return told([into.name, "frames", "raw_img"]);
});
add("samm", "a folder is there that the table does not list", async (patient) => {
  const subject = dirname(patient.clip(0).folder);
  await Deno.mkdir(join(subject, "006_9_9"));
  return told([`${nameOf(subject)}/006_9_9`, "row", "none"]);
});
add("casme2", "the frames of all subjects are gone", async (patient) => {
  await Deno.remove(patient.path("Cropped"), { recursive: true });
  return refused("no folder of a subject was found");
});
add("smic", "a frame in the middle is missing", async (patient) => {
  const { name, files } = patient.clip(0);
  await Deno.remove(files[3]!);
  return told([name, "frames", "1 frames missing between"]);
});
add("smic", "the last frame is missing", async (patient) => {
  const clip = patient.find(({ name }) => name.includes("_po_01"));
  await Deno.remove(clip.files.at(-1)!);
  return told([clip.name, "frames", "in the table"]);
});
add("smic", "a clip lies in the folder of another label", async (patient) => {
  const clip = patient.find(({ name, sample }) => name.includes("_po_01") && sample.label === "positive");
  const to = join(dirname(dirname(clip.folder)), "negative", nameOf(clip.folder));
  await Deno.mkdir(dirname(to), { recursive: true });
  await Deno.rename(clip.folder, to);
  return told([clip.name, "label", "folder negative, name positive, table positive"]);
});
add("smic", "the same clip lies in two folders", async (patient) => {
  const { folder } = patient.clip(0);
  const other = join(dirname(dirname(folder)), "old", nameOf(folder));
  await Deno.mkdir(other, { recursive: true });
  return refused("are the same clip");
});
add("smic", "the folder says another label and the table a third", async (patient) => {
  const clip = patient.find(({ name, sample }) => name.includes("_sur_01") && sample.label === "surprise");
  await patient.set(clip, "Emotion", "positive");
  const to = join(dirname(dirname(clip.folder)), "negative", nameOf(clip.folder));
  await Deno.mkdir(dirname(to), { recursive: true });
  await Deno.rename(clip.folder, to);
  return told([clip.name, "label", "folder negative, name surprise, table positive"], [
    clip.name,
    "label",
    "positive",
  ]);
});
add("ckplus", "a frame in the middle is missing", async (patient) => {
  const { name, files } = patient.clip(0);
  await Deno.remove(files[2]!);
  return told([name, "frames", "1 frames missing between"]);
});
add("ckplus", "the last frames, with the peak, are missing", async (patient) => {
  const { name, files } = patient.clip(0);
  for (const file of files.slice(-2)) await Deno.remove(file);
  return told([name, "apex", "the last frame is "]);
});
add("ckplus", "a sequence's folder holds the frames of another", async (patient) => {
  const [into, from] = [patient.clip(0), patient.clip(1)];
  for (const file of into.files) await Deno.remove(file);
  for (const file of from.files) await Deno.copyFile(file, join(into.folder, nameOf(file)));
  return told([into.name, "frames", nameOf(from.files[0]!)]);
});
add("mmi", "an image of a session is missing", async (patient) => {
  const { name, files } = patient.clip(0);
  await Deno.remove(files[2]!);
  return told([name, "frames", "1 frames missing between"]);
});

// Coding tables -----------------------------------------------------------------------------------------------------------------

add("casme2", "the table is missing", async (patient) => {
  await Deno.remove(await patient.table());
  return refused("its coding table was not found");
});
add("samm", "there are two tables", async (patient) => {
  await Deno.copyFile(await patient.table(), patient.path("SAMM_Micro_FACS_Codes_v1.xlsx"));
  return refused("2 coding tables were found", "v1.xlsx");
});
add("casme2", "the table is empty", async (patient) => {
  await Deno.writeFile(await patient.table(), new Uint8Array());
  return refused("the file is empty");
});
add("casme2", "the table is cut in half", async (patient) => {
  await cut(await patient.table(), half);
  return refused("not a whole .xlsx workbook");
});
add("samm", "the table is an old .xls", async (patient) => {
  await Deno.writeFile(
    await patient.table(),
    new Uint8Array([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]),
  );
  return refused("old .xls workbook");
});
add("casme2", "the table is protected by a password", async (patient) => {
  // An encrypted workbook is a compound file, as old ones are, with a stream of this name.
  const stream = utf16("EncryptedPackage", false);
  const bytes = new Uint8Array(512 + stream.length);
  bytes.set([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
  bytes.set(stream, 512);
  await Deno.writeFile(await patient.table(), bytes);
  return refused("protected by a password");
});
add("casme2", "an onset is written with a point for thousands", async (patient) => {
  const clip = patient.clip(0);
  await patient.set(clip, "OnsetFrame", "1.000");
  return told([clip.name, "onset", "1.000"], [clip.name, "frames", "onset unknown"]);
});
add("casme2", "a sheet is a chart", async (patient) => {
  const file = await patient.table(), parts = unzipSync(await Deno.readFile(file));
  const edit = (name: string, from: string | RegExp, to: string) => {
    parts[name] = strToU8(strFromU8(parts[name]!).replace(from, to));
  };
  parts["xl/chartsheets/sheet1.xml"] = strToU8("<chartsheet><sheetViews/></chartsheet>");
  edit("xl/workbook.xml", "</sheets>", '<sheet name="Chart" sheetId="9" r:id="rId9"/></sheets>');
  edit(
    "xl/_rels/workbook.xml.rels",
    "</Relationships>",
    '<Relationship Id="rId9" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/chartsheet" Target="chartsheets/sheet1.xml"/></Relationships>',
  );
  await Deno.writeFile(file, zipSync(parts));
  return refused("a sheet of it is a chart");
});
const archives: readonly (readonly [name: string, inside: string, words: string])[] = [
  ["an OpenDocument table", "content.xml", "OpenDocument table (.ods)"],
  ["a binary workbook", "xl/workbook.bin", "binary workbook (.xlsb)"],
  ["an archive of another kind", "word/document.xml", "no .xlsx workbook"],
];
for (const [name, inside, words] of archives) {
  add("samm", `the table is ${name}`, async (patient) => {
    await Deno.writeFile(await patient.table(), zipSync({ [inside]: strToU8("<x/>") }));
    return refused(words);
  });
}
add("casme2", "the table is still in its archive", async (patient) => {
  const file = await patient.table();
  await Deno.writeFile(file, zipSync({ [nameOf(file)]: await Deno.readFile(file) }));
  return refused(`zip archive with CASME2-coding-20140508.xlsx in it`);
});
for (const [database, kind] of [["casme2", "xls"], ["samm", "ods"], ["smic", "txt"]] as const) {
  add(database, `the table is there as .${kind} only`, async (patient) => {
    const file = await patient.table(), other = file.replace(/xlsx$/, kind);
    await Deno.rename(file, other);
    return refused(`its coding table ${nameOf(other)} is neither .xlsx nor .csv`);
  });
}
add("casme2", "a header is misspelt", async (patient) => {
  const [header, ...rows] = await patient.rows();
  await patient.write([header!.map((cell) => cell === "ApexFrame" ? "ApexFarme" : cell), ...rows]);
  return refused("ApexFrame", '"ApexFarme" may be meant as ApexFrame');
});
add("samm", "a column is there twice", async (patient) => {
  await patient.write((await patient.rows()).map((row, i) => [...row, i === 0 ? "Apex Frame" : 1]));
  return refused("comes 2 times");
});
add("casme2", "another database's table has the name of its own", async (patient) => {
  const header = [
    "Subject",
    "Filename",
    "Onset Frame",
    "Apex Frame",
    "Offset Frame",
    "Action Units",
    "Estimated Emotion",
  ];
  await patient.write([
    header,
    ...[2, 3, 4, 5].map((n): XlsxCell[] => ["006", `006_1_${n}`, 10, 12, 15, 4, "Anger"]),
  ]);
  return refused("006_1_2", "SAMM");
});
add("samm", "the columns stand backwards", async (patient) => {
  await patient.write(
    (await patient.rows()).map((row) => Array.from({ length: 12 }, (_, i) => row[11 - i] ?? null)),
  );
  return nothing;
});
add("casme2", "a row is there twice", async (patient) => {
  const rows = await patient.rows();
  await patient.write([...rows, rows[3]!]);
  return told([patient.find(({ sample }) => sample.clip === rows[3]![1]).name, "row", "repeats row"]);
});
add("casme2", "a row is there twice with other contents", async (patient) => {
  const clip = patient.clip(1), row = [...await patient.row(clip)];
  row[8] = row[8] === "surprise" ? "happiness" : "surprise";
  await patient.write([...await patient.rows(), row]);
  return told([clip.name, "row", "differ"]);
});
for (const [how, word] of [["the same", "repeats"], ["other", "differ"]] as const) {
  add("casme2", `a row is there twice, its clip in other case, with ${how} contents`, async (patient) => {
    const clip = patient.clip(1), row = [...await patient.row(clip)];
    row[1] = String(row[1]).toLowerCase();
    if (how === "other") row[8] = row[8] === "surprise" ? "happiness" : "surprise";
    await patient.write([...await patient.rows(), row]);
    return told([clip.name, "row", word]);
  });
}
add("samm", "a row is lost", async (patient) => {
  const clip = patient.clip(1);
  await patient.write((await patient.rows()).filter((row) => row[1] !== clip.sample.clip));
  return told([clip.name, "row", "none"]);
});
add("casme2", "a row is of no clip on disk", async (patient) => {
  await patient.write([...await patient.rows(), ["01", "EP19_19", null, 5, 7, 9, null, 4, "disgust"]]);
  return told(["sub01/EP19_19", "folder", "missing"]);
});
add("casme2", "sums by subject stand below the table", async (patient) => {
  await patient.write([...await patient.rows(), [], ["01", 3], ["02", 3], ["Total", 6]]);
  const row = "CASME2-coding-20140508.xlsx row";
  return told([row, "clip", "3"], [row, "subject", "Total"]);
});
add("casme2", "a row lost its clip's name", async (patient) => {
  const clip = patient.clip(1);
  await patient.set(clip, "Filename", null);
  return told(["CASME2-coding-20140508.xlsx row", "clip", "blank"], [clip.name, "row", "none"]);
});
add("casme2", "a label is blank", async (patient) => {
  const clip = patient.clip(0);
  await patient.set(clip, "Estimated Emotion", null);
  return told([clip.name, "label", "blank"]);
});
add("samm", "a label is none of the database's", async (patient) => {
  const clip = patient.clip(0);
  await patient.set(clip, "Estimated Emotion", "Boredom");
  return told([clip.name, "label", "boredom"]);
});
add("casme2", "an onset is blank", async (patient) => {
  const clip = patient.clip(0);
  await patient.set(clip, "OnsetFrame", null);
  return told([clip.name, "onset", "blank"], [clip.name, "frames", "onset unknown"]);
});
add("casme2", "an onset has the mark of a footnote", async (patient) => {
  const clip = patient.clip(0), { 3: onset } = await patient.row(clip);
  await patient.set(clip, "OnsetFrame", `${onset}\u00b2`);
  return told([clip.name, "onset", `${onset}\u00b2`], [clip.name, "frames", "onset unknown"]);
});
add("smic", "the digits of the table are full-width ones", async (patient) => {
  const wide = (text: string) => text.replace(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit)));
  const [header, ...rows] = await patient.rows();
  await patient.write([
    header!,
    ...rows.map((row) => row.map((cell) => cell === null ? null : wide(String(cell)))),
  ]);
  return nothing;
});
add("casme2", "a label has signs that steer a terminal", async (patient) => {
  const clip = patient.clip(0);
  await patient.toCsv();
  const file = await patient.table(), [subject, name] = clip.name.replace("sub", "").split("/");
  await rewrite(
    file,
    new RegExp(`^(0*${Number(subject)},${name},.*,)[^,]*$`, "m"),
    "$1\u001b[31mbored\u0007",
  );
  return told([clip.name, "label", "[31mbored"]);
});
add("samm", "an offset is a text", async (patient) => {
  const clip = patient.clip(0);
  await patient.set(clip, "Offset Frame", "see notes");
  return told([clip.name, "offset", "see notes"], [clip.name, "frames", "offset unknown"]);
});
add("casme2", "an apex is a text", async (patient) => {
  const clip = patient.find(({ sample }) => sample.apexOrigin === "coded");
  await patient.set(clip, "ApexFrame", "n/a");
  return told([clip.name, "apex", "n/a"]);
});
add("samm", "an apex is half a frame", async (patient) => {
  const clip = patient.find(({ sample }) => sample.apexOrigin === "coded");
  await patient.set(clip, "Apex Frame", Number((await patient.row(clip))[4]) + 0.5);
  return told([clip.name, "apex", ".5"]);
});
add("casme2", "an apex lies beyond the offset", async (patient) => {
  const clip = patient.find(({ sample }) => sample.apexOrigin === "coded");
  await patient.set(clip, "ApexFrame", 9999);
  return told([clip.name, "apex", "apex 9999"]);
});
add("casme2", "onset and offset of a row changed places", async (patient) => {
  const clip = patient.clip(0), row = await patient.row(clip);
  await patient.set(clip, "OnsetFrame", row[5]!);
  await patient.set(clip, "OffsetFrame", row[3]!);
  return told([clip.name, "offset", "onset"], [clip.name, "frames", "onset"]);
});
add("samm", "onset and offset are the frames of another clip", async (patient) => {
  const clip = patient.clip(0);
  await patient.set(clip, "Onset Frame", 1);
  await patient.set(clip, "Offset Frame", 30);
  await patient.set(clip, "Apex Frame", 10);
  return told([clip.name, "frames", "0 of the 30 frames from 1 to 30 are on disk"], [
    clip.name,
    "duration",
    "are 30",
  ]);
});
add("casme2", "a formula lost its value", async (patient) => {
  const clip = patient.clip(0);
  await patient.set(clip, "OffsetFrame", { formula: "D2+12", value: null });
  return told([clip.name, "offset", "the formula =D2+12 without a value"], [
    clip.name,
    "frames",
    "offset unknown",
  ]);
});
add("casme2", "the table has no action units", async (patient) => {
  await patient.write((await patient.rows()).map((row) => row.filter((_, c) => c !== 7)));
  return told(["CASME2-coding-20140508.xlsx", "columns", "no Action Units"]);
});
add("smic", "the table is missing", async (patient) => {
  await Deno.remove(await patient.table());
  return nothing; // cropped clips need none
});
add("smic", "the table is that of another camera", async (patient) => {
  const rows = await patient.rows();
  const { writeXlsx } = await import("../../../data/mod.ts");
  await Deno.writeFile(await patient.table(), writeXlsx([{ name: "VIS", rows }]));
  return refused("it has no sheet HS, only VIS");
});

// Copies of tables as csv -------------------------------------------------------------------------------------------------------

const utf8 = (text: string) => new TextEncoder().encode(text);
const utf16 = (text: string, mark: boolean) => {
  const units = Uint16Array.from(`${mark ? "\ufeff" : ""}${text}`, (c) => c.charCodeAt(0));
  return new Uint8Array(units.buffer);
};
add("casme2", "the table is csv with CRLF and a byte order mark", async (patient) => {
  await patient.toCsv({ end: "\r\n", encode: (text) => utf8(`\ufeff${text}`) });
  return nothing;
});
add("samm", "the table is csv with semicolons and old Mac line ends", async (patient) => {
  await patient.toCsv({ mark: ";", end: "\r" });
  return nothing;
});
for (const [first, second] of [["\r\n", "\n"], ["\n", "\r\n"], ["\n", "\r"]] as const) {
  add(
    "samm",
    `the table is csv, joined of two with line ends ${JSON.stringify([first, second])}`,
    async (patient) => {
      await patient.toCsv();
      const lines = (await Deno.readTextFile(await patient.table())).split("\n"), middle = half(lines.length);
      await Deno.writeTextFile(
        await patient.table(),
        lines.slice(0, middle).join(first) + first + lines.slice(middle).join(second),
      );
      return nothing;
    },
  );
}
add("casme2", "the table is a web page", async (patient) => {
  await patient.toCsv();
  await Deno.writeTextFile(await patient.table(), "<html><table><tr><td>Subject</td></tr></table></html>");
  return refused("a web page or an XML file");
});
add("casme2", "the table is UTF-16 with tabs, as Excel saves Unicode text", async (patient) => {
  await patient.toCsv({ mark: "\t", end: "\r\n", encode: (text) => utf16(text, true) });
  return nothing;
});
add("casme2", "the table is UTF-16 without a byte order mark", async (patient) => {
  await patient.toCsv({ encode: (text) => utf16(text, false) });
  return nothing;
});
add("casme2", "the table is Windows-1252 with umlauts above the header", async (patient) => {
  await patient.toCsv({
    preamble: "Kodierung, geprueft von Mueller\n",
    encode: (text) => utf8(text).map((byte) => byte),
  });
  const file = await patient.table();
  const bytes = await Deno.readFile(file);
  bytes[4] = 0xfc; // u with two dots, which is no UTF-8
  await Deno.writeFile(file, bytes);
  return nothing;
});
add("samm", "the table is csv with a quote that never ends", async (patient) => {
  await patient.toCsv();
  const file = await patient.table();
  await Deno.writeTextFile(file, `"${await Deno.readTextFile(file)}`);
  return refused("not a csv file");
});
add("casme2", "the table is a picture under the name of a csv", async (patient) => {
  await patient.toCsv();
  await Deno.writeFile(await patient.table(), await picture(8, 8).png().toBuffer());
  return refused("Cannot read");
});

// CK+ and MMI -------------------------------------------------------------------------------------------------------------------

const emotionOf = async (patient: Patient, k: number) => {
  const { name } = patient.clip(k), [subject, clip] = name.split("/") as [string, string];
  const folder = patient.path("Emotion", subject, clip.slice(-3));
  for await (const { name } of Deno.readDir(folder)) return { folder, file: join(folder, name) };
  throw new Error(`no emotion in ${folder}`);
};
const emotions: readonly (readonly [name: string, text: string, found: string])[] = [
  ["empty", "", "empty file"],
  ["a word", "happy\n", "happy"],
  ["beyond 7", "   9.0000000e+00\n", "9.0000000e+00"],
  ["a fraction", "   2.5000000e+00\n", "2.5000000e+00"],
];
for (const [name, text, found] of emotions) {
  add("ckplus", `an emotion file is ${name}`, async (patient) => {
    await Deno.writeTextFile((await emotionOf(patient, 0)).file, text);
    return told([patient.clip(0).name, "label", found]);
  });
}
add("ckplus", "an emotion file has two numbers", async (patient) => {
  const { file } = await emotionOf(patient, 0);
  await Deno.writeTextFile(file, "   3.0000000e+00\n   5.0000000e+00\n");
  return told([patient.clip(0).name, "label", "3.0000000e+00 5.0000000e+00"]);
});
add("ckplus", "emotion files have CRLF and a byte order mark", async (patient) => {
  const { file } = await emotionOf(patient, 0);
  await Deno.writeTextFile(file, `\ufeff${(await Deno.readTextFile(file)).trimEnd()}\r\n`);
  return nothing;
});
add("ckplus", "an emotion file is UTF-16", async (patient) => {
  const { file } = await emotionOf(patient, 0);
  await Deno.writeFile(file, utf16(await Deno.readTextFile(file), true));
  return nothing;
});
add("ckplus", "an emotion file is another sequence's", async (patient) => {
  const { folder, file } = await emotionOf(patient, 0);
  await Deno.rename(file, join(folder, "S999_001_00000009_emotion.txt"));
  return told([patient.clip(0).name, "label", "S999_001"]);
});
add("ckplus", "a sequence has two emotion files", async (patient) => {
  const { file } = await emotionOf(patient, 0);
  await Deno.copyFile(file, file.replace("_emotion", "_emotion2"));
  return told([patient.clip(0).name, "label", "2 emotion files"]);
});
add("ckplus", "an emotion file is missing", async (patient) => {
  await Deno.remove((await emotionOf(patient, 0)).file);
  // CK+ itself labels a part of its sequences only; which one it was cannot be told, but that one more is without a label is.
  return told([patient.clip(0).name, "label", "without an emotion file"]);
});
add("ckplus", "the folder of emotions is missing", async (patient) => {
  await Deno.remove(patient.path("Emotion"), { recursive: true });
  return told(...patient.clips.map(({ name }): Told => [name, "label", "no folder Emotion"]));
});
add("ckplus", "a sequence's folder is missing", async (patient) => {
  await Deno.remove(patient.clip(0).folder, { recursive: true });
  return told([patient.clip(0).name, "folder", "missing"]);
});

const inSession = async (patient: Patient, k: number, ending: RegExp) => {
  const { folder } = patient.clip(k);
  for await (const { name } of Deno.readDir(folder)) if (ending.test(name)) return join(folder, name);
  throw new Error(`no ${ending} in ${folder}`);
};
const rewrite = async (file: string, from: string | RegExp, to: string) =>
  await Deno.writeTextFile(file, (await Deno.readTextFile(file)).replace(from, to));
add("mmi", "a session has no emotion file", async (patient) => {
  await Deno.remove(await inSession(patient, 0, /^S\d+-\d+\.xml$/));
  return told([patient.clip(0).name, "label", "no emotion file"]);
});
add("mmi", "an emotion is a word", async (patient) => {
  await rewrite(await inSession(patient, 0, /^S\d+-\d+\.xml$/), /("Emotion" Value=")\d"/, '$1joy"');
  return told([patient.clip(0).name, "label", "emotion joy"]);
});
add("mmi", "an emotion file is cut short", async (patient) => {
  await cut(await inSession(patient, 0, /^S\d+-\d+\.xml$/), () => 60);
  return told([patient.clip(0).name, "label", "no emotion"]);
});
add("mmi", "the files of a session are UTF-16", async (patient) => {
  for (const ending of [/^S\d+-\d+\.xml$/, /^session\.xml$/, /aucs\.xml$/]) {
    const file = await inSession(patient, 0, ending);
    await Deno.writeFile(file, utf16(await Deno.readTextFile(file), true));
  }
  return nothing;
});
for (const [view, words] of [["1", "profile"], ["2", "two faces"]] as const) {
  add("mmi", `a session is of view ${view}`, async (patient) => {
    await rewrite(await inSession(patient, 0, /^session\.xml$/), /view="0" \/>/, `view="${view}" />`);
    return told([patient.clip(0).name, "view", words]);
  });
}
add("mmi", "a session's markers go beyond its frames", async (patient) => {
  for (const file of patient.clip(0).files.slice(4)) await Deno.remove(file);
  return told([patient.clip(0).name, "apex", "markers up to frame"]);
});
add("mmi", "a session has no markers", async (patient) => {
  await Deno.remove(await inSession(patient, 0, /aucs\.xml$/));
  return told([patient.clip(0).name, "apex", "no usable markers"]);
});
for (const [what, ending] of [["emotion", /^S\d+-\d+\.xml$/], ["markers", /aucs\.xml$/]] as const) {
  add("mmi", `a session has another's ${what} too`, async (patient) => {
    const other = await inSession(patient, 1, ending);
    await Deno.copyFile(other, join(patient.clip(0).folder, nameOf(other)));
    return told([patient.clip(0).name, "session", "files of "]);
  });
  add("mmi", `a session has another's ${what} only`, async (patient) => {
    const other = await inSession(patient, 1, ending);
    await Deno.remove(await inSession(patient, 0, ending));
    await Deno.copyFile(other, join(patient.clip(0).folder, nameOf(other)));
    return told([patient.clip(0).name, "session", "files of "]);
  });
}
add("mmi", "the images of a session are another's", async (patient) => {
  const [into, from] = [patient.clip(0), patient.clip(1)];
  for (const file of into.files) await Deno.remove(file);
  for (const file of from.files) await Deno.copyFile(file, join(into.folder, nameOf(file)));
  return told([into.name, "session", "files of "]);
});
for (const other of [false, true]) {
  add("mmi", `a session is there twice${other ? ", with another emotion" : ""}`, async (patient) => {
    const { folder, name, sample } = patient.clip(0), copy = join(dirname(folder), "999");
    const { copyFolder } = await import("./_patient.ts");
    await copyFolder(folder, copy);
    const emotion = join(copy, nameOf(await inSession(patient, 0, /^S\d+-\d+\.xml$/)));
    if (other) await rewrite(emotion, /("Emotion" Value=")\d"/, `$1${sample.label === "fear" ? 1 : 3}"`);
    return told([name, "session", "999"]);
  });
}
add("mmi", "a video is empty", async (patient) => {
  await Deno.writeFile(patient.video().files[0]!, new Uint8Array());
  return told([patient.video().name, "video", "damaged"]);
}, "ffmpeg");
add("mmi", "a video is cut in half", async (patient) => {
  await cut(patient.video().files[0]!, half);
  return told([patient.video().name, "video", ""]);
}, "ffmpeg");
add("mmi", "a part of a video is zeros", async (patient) => {
  const [file] = patient.video().files, bytes = await Deno.readFile(file!);
  await Deno.writeFile(file!, bytes.fill(0, half(bytes.length), half(bytes.length) + 2000));
  return told([patient.video().name, "video", "damaged"]);
}, "ffmpeg");

// The composite -----------------------------------------------------------------------------------------------------------------

const list = (patient: Patient) => join(dirname(patient.root), "combined_3class_gt.csv");
const listLines = async (patient: Patient) =>
  (await Deno.readTextFile(list(patient))).split("\r\n").filter((line) => line !== "");
add("composite", "the list is missing", async (patient) => {
  await Deno.remove(list(patient));
  return refused("combined_3class_gt.csv");
});
add("composite", "the list is empty", async (patient) => {
  await Deno.writeTextFile(list(patient), "");
  return refused("it lists no clip");
});
add("composite", "a label of the list is 3", async (patient) => {
  await rewrite(list(patient), /,[012]\r\n/, ",3\r\n");
  return refused('line 1 has the label "3"');
});
add("composite", "a line of the list is there twice", async (patient) => {
  const lines = await listLines(patient);
  await Deno.writeTextFile(list(patient), [...lines, lines[2]].join("\r\n"));
  return refused("a second time");
});
add("composite", "the columns of the list changed places", async (patient) => {
  await Deno.writeTextFile(
    list(patient),
    (await listLines(patient)).map((line) => line.split(",").toReversed().join(",")).join("\n"),
  );
  return refused("names the database");
});
add("composite", "the list has LF and a byte order mark", async (patient) => {
  await Deno.writeTextFile(list(patient), `\ufeff${(await listLines(patient)).join("\n")}\n`);
  return nothing;
});
add("composite", "a listed clip of SMIC has another label than its name", async (patient) => {
  const lines = await listLines(patient), at = lines.findIndex((line) => /^smic.*_po_01/.test(line));
  const [, subject, clip] = lines[at]!.split(",");
  await Deno.writeTextFile(
    list(patient),
    lines.map((line, i) => i === at ? line.replace(/\d$/, "0") : line).join("\r\n"),
  );
  return told([`smic/${subject}/${clip}`, "label", "negative"]);
});
add("composite", "a listed clip is not on disk", async (patient) => {
  const lines = await listLines(patient),
    [, subject, clip] = lines.find((line) => line.startsWith("casme2"))!.split(",");
  await Deno.remove(patient.path("Cropped", subject!, clip!), { recursive: true });
  return told([`casme2/${subject}/${clip}`, "folder", "missing"], [
    `casme2/${subject}/${clip}`,
    "sample",
    "folder: missing",
  ]);
});
add("composite", "a database is missing", async (patient) => {
  await Deno.remove(join(dirname(patient.root), "samm"), { recursive: true });
  const lost = (await listLines(patient)).filter((line) => line.startsWith("samm")).map((line) =>
    line.split(",")
  );
  return told(
    ["samm", "folder", "missing"],
    ...lost.map(([, subject, clip]): Told => [`samm/${subject!.padStart(3, "0")}/${clip}`, "sample", "none"]),
  );
});

// Several at once ---------------------------------------------------------------------------------------------------------------

add(
  "casme2",
  "one clip lacks a frame, one has an empty one, one is there twice in the table, folders in capitals",
  async (patient) => {
    const rows = await patient.rows(), [a, b] = [patient.clip(0), patient.clip(1)];
    const c = patient.find(({ sample }) => sample.clip === rows.at(-1)![1]);
    await Deno.remove(a.files[4]!);
    await Deno.writeFile(b.files[0]!, new Uint8Array());
    await patient.write([...rows, rows.at(-1)!]);
    for (const { folder } of patient.clips) {
      await Deno.rename(
        folder,
        join(dirname(folder), nameOf(folder).toUpperCase()),
      );
    }
    return told([a.name, "frames", "is missing"], [b.name, "frames", "the file is empty"], [
      c.name,
      "row",
      "repeats row",
    ]);
  },
);
add(
  "samm",
  "a csv with CRLF and without a label, a frame of 16 bits, a folder without a row",
  async (patient) => {
    const [a, b] = [patient.clip(0), patient.clip(1)];
    await patient.set(a, "Estimated Emotion", null);
    await patient.toCsv({ end: "\r\n" });
    await again(b.files[1]!, deep);
    await Deno.mkdir(join(dirname(a.folder), "006_9_9"));
    return told([a.name, "label", "blank"], [b.name, "frames", "16-bit"], [
      `${a.sample.subject}/006_9_9`,
      "row",
      "none",
    ]);
  },
);
add("smic", "no table, a gap, a BMP cut short, a frame of another size in one clip", async (patient) => {
  const [a, b] = [patient.clip(0), patient.clip(1)];
  await Deno.remove(await patient.table());
  await Deno.remove(a.files[3]!);
  await cut(b.files[2]!, half);
  await Deno.writeFile(b.files[1]!, await picture(48, 40).jpeg().toBuffer());
  return told([a.name, "frames", "frames missing"], [b.name, "frames", "cut short"], [
    b.name,
    "frames",
    "48x40 instead of 32x32",
  ]);
});
add(
  "ckplus",
  "an emotion is lost to a word, a frame is a page of a server, a frame is missing",
  async (patient) => {
    const [a, b, c] = [patient.clip(0), patient.clip(1), patient.clip(2)];
    await Deno.writeTextFile((await emotionOf(patient, 0)).file, "?");
    await Deno.writeTextFile(b.files[1]!, "<html>404</html>");
    await Deno.remove(c.files[1]!);
    return told([a.name, "label", "?"], [b.name, "frames", "damaged or no image"], [
      c.name,
      "frames",
      "frames missing",
    ]);
  },
);
add("mmi", "a profile, an unknown emotion and an empty image", async (patient) => {
  const [a, b, c] = [patient.clip(0), patient.clip(1), patient.clip(2)];
  await rewrite(await inSession(patient, 0, /^session\.xml$/), /view="0" \/>/, 'view="1" />');
  await rewrite(await inSession(patient, 1, /^S\d+-\d+\.xml$/), /("Emotion" Value=")\d"/, '$10"');
  await Deno.writeFile(c.files[1]!, new Uint8Array());
  return told([a.name, "view", "profile"], [b.name, "label", "emotion 0"], [
    c.name,
    "frames",
    "the file is empty",
  ]);
});

/** Every damage. */
export const allDamages: readonly Damage[] = damages;

/** CRC-32 as PNG has it. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let k = 0; k < 8; k++) crc = crc & 1 ? crc >>> 1 ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
