import { writeXlsx, type XlsxCell } from "../xlsx_writer.ts";
import type { Studio } from "./_take.ts";
import { dealLabels, filmClip, microTake, seat, type Work, writeInto } from "./_work.ts";

const studio: Studio = { noise: 2.2, grey: false, lightSpread: 0.3, wall: [0.72, 0.71, 0.66], drift: 0.5 };
const balanced = { negative: 1, positive: 1, surprise: 1 };
const real = { negative: 70, positive: 51, surprise: 43 };
/** Subjects in the order of the real table, which starts with 20. */
const subjects = [20, 14, 18, 15, 1, 2, 3, 4, 5, 6, 8, 9, 11, 12, 13, 19];
const short = { negative: "ne", positive: "po", surprise: "sur" } as const;
const number = { negative: 0, positive: 1, surprise: 2 } as const;
type Label = keyof typeof short;

/**
 * SMIC, camera HS: `SMIC_all_cropped/HS/s1/micro/negative/s1_ne_01/reg_image658536.bmp` and the table with sheets HS and VIS,
 * where HS is written in formulas over VIS. Oddities: a clip that the table lacks, one whose label contradicts its folder,
 * a text in a frame column, a clip outside its own range, a second expression in one row.
 */
export async function writeSmic(work: Work): Promise<number> {
  const hands = dealLabels(work.balance === "real" ? real : balanced, work.subjects, work.clips, work.random);
  const hs: XlsxCell[][] = [[
    "Subject",
    "Filename",
    null,
    "OnsetF",
    "OffsetF",
    "Onset2F",
    "Offset2F",
    null,
    "FirstF",
    "LastF",
    "TotalMF1",
    "TotalMF2",
    "TotalVL",
    "Emotion",
  ]];
  const vis: XlsxCell[][] = [[
    "Subject",
    "Filename",
    null,
    "OnsetF",
    "OffsetF",
    "Onset2F",
    "Offset2F",
    null,
    "FirstF",
    "TotalMF1",
    "TotalMF2",
    "TotalVL",
    "Emotion",
  ]];
  let count = 0, contradicted = false;
  for (const [k, hand] of hands.entries()) {
    const id = subjects[k % subjects.length]! + 20 * Math.floor(k / subjects.length);
    const sitter = seat(work, studio, k), numbers = { ne: 0, po: 0, sur: 0 };
    for (const [i, dealt] of hand.entries()) {
      const label = dealt as Label, random = sitter.random.fork(`clip ${i}`);
      const expression = label === "negative"
        ? (["disgust", "sadness", "fear", "disgust"] as const)[random.integer(4)]!
        : label === "positive"
        ? "happiness"
        : "surprise";
      const { take, apex } = microTake(work, sitter, studio, expression, random);
      const code = short[label], name = `${code}_${String(++numbers[code]).padStart(2, "0")}`;
      const clip = `s${id}_${name}`, length = take.curve.length;
      const first = 1000 * (100 + 40 * i + random.integer(30)) + 3,
        onset = first + 4 * (10 + random.integer(30));
      await filmClip(
        work,
        take,
        (f) => `SMIC_all_cropped/HS/s${id}/micro/${label}/${clip}/reg_image${onset + f}.bmp`,
        "bmp",
      );
      // The official list of the composite writes s01 where the table writes s1.
      const listed = `s${String(id).padStart(2, "0")}`;
      work.composite({
        database: "smic",
        subject: listed,
        clip: `${listed}_${name}`,
        label: number[label],
        take,
        onset: 0,
        apex,
      });
      count++;
      if (count === 3) continue; // the clip that the table lacks
      const row = hs.length + 1, at = (column: string) => `${column}${row}`;
      const visLength = 50 * (1 + random.integer(8)), visFirst = 4000 + 37 * count;
      const visOnset = visFirst + (onset - first) / 4, last = first + 4 * visLength - 1;
      const second = count === 5 ? visOnset + 20 : null;
      vis.push([
        id,
        clip,
        null,
        visOnset,
        visOnset + Math.ceil(length / 4) - 1,
        second,
        second === null ? null : second + 4,
        null,
        visFirst,
        { formula: `E${row}-D${row}+1`, value: Math.ceil(length / 4) },
        null,
        visLength,
        label,
      ]);
      const contradicts: boolean = !contradicted && count > 9 && label === "surprise";
      contradicted ||= contradicts;
      const outside = count === 7, lost = count === 9;
      hs.push([
        id,
        clip,
        null,
        onset,
        { formula: `${at("D")}+${at("K")}-1`, value: onset + length - 1 },
        second === null
          ? null
          : { formula: `${at("D")}+100*(VIS!${at("F")}-VIS!${at("D")})/25`, value: onset + 80 },
        second === null
          ? null
          : { formula: `${at("D")}+100*(VIS!${at("G")}-VIS!${at("D")})/25`, value: onset + 96 },
        null,
        lost
          ? `MISSING <-${onset}`
          : outside
          ? first - 50000
          : { formula: `${at("D")}-100*(VIS!${at("D")}-VIS!${at("I")})/25`, value: first },
        lost ? null : outside ? first - 49301 : { formula: `${at("I")}+100*(VIS!L${row})/25-1`, value: last },
        length,
        second === null ? null : { formula: `${at("G")}-${at("F")}`, value: 16 },
        lost ? null : outside ? 700 : { formula: `${at("J")}-${at("I")}+1`, value: last - first + 1 },
        contradicts ? "negative" : label,
      ]);
    }
  }
  await writeInto(
    work,
    "SMIC-HS-E_annotation.xlsx",
    writeXlsx([{ name: "HS", rows: hs }, { name: "VIS", rows: vis }, { name: "Sheet2", rows: [] }, {
      name: "Sheet3",
      rows: [],
    }]),
  );
  return count;
}
