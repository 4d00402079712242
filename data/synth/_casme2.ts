import { writeXlsx, type XlsxCell } from "../xlsx_writer.ts";
import { writeActionUnits } from "./expressions.ts";
import type { Studio } from "./_take.ts";
import { dealLabels, filmClip, microTake, seat, type Work, writeInto } from "./_work.ts";

const studio: Studio = { noise: 1.6, grey: false, lightSpread: 0.22, wall: [0.60, 0.63, 0.66], drift: 0.42 };
const balanced = { happiness: 10, surprise: 10, disgust: 7, repression: 4, others: 4 };
const real = { others: 99, disgust: 63, happiness: 32, repression: 27, surprise: 25, sadness: 7, fear: 2 };
/** What the composite makes of the labels; it leaves the others out. */
const compositeLabel: Readonly<Record<string, 0 | 1 | 2>> = {
  disgust: 0,
  repression: 0,
  happiness: 1,
  surprise: 2,
};
/** Clip names of the real table that look unlike the rest. */
const oddNames = ["EP01_2", "EP08_1", "EP09f", "EP06_02_01"];

/**
 * CASME II: `Cropped/sub01/EP02_01f/reg_img46.jpg` and the coding table of 2014 with its blank columns. Oddities: odd clip
 * names, an apex `/`, an apex equal to the onset, action units `?` and numbers as numbers, a last frame that is not on disk.
 */
export async function writeCasme2(work: Work): Promise<number> {
  const hands = dealLabels(work.balance === "real" ? real : balanced, work.subjects, work.clips, work.random);
  const table: XlsxCell[][] = [[
    "Subject",
    "Filename",
    null,
    "OnsetFrame",
    "ApexFrame",
    "OffsetFrame",
    null,
    "Action Units",
    "Estimated Emotion",
  ]];
  let count = 0, others = 0;
  const odd = [...oddNames];
  for (const [k, hand] of hands.entries()) {
    const subject = String(k + 1).padStart(2, "0"), sitter = seat(work, studio, k);
    const episodes = new Map<number, number>();
    for (const [i, label] of hand.entries()) {
      const random = sitter.random.fork(`clip ${i}`);
      const episode = 1 + random.integer(19), number = (episodes.get(episode) ?? 0) + 1;
      episodes.set(episode, number);
      const usual = `EP${pad(episode)}_${pad(number)}${random.next() < 0.45 ? "f" : ""}`;
      const clip = i === 1 ? odd.shift() ?? usual : usual;
      const { take, apex, units } = microTake(work, sitter, studio, label, random);
      const onset = 1 + random.integer(180), offset = onset + take.curve.length - 1;
      await filmClip(work, take, (f) => `Cropped/sub${subject}/${clip}/reg_img${onset + f}.jpg`, "jpg");
      count++;
      // The oddities that make a clip unusable somewhere are given to `others`, which the composite leaves out anyway.
      const kind = label === "others" ? others++ : -1;
      const written = writeActionUnits(units);
      table.push([
        subject,
        clip,
        null,
        onset,
        kind === 0 ? "/" : kind === 1 ? onset : onset + apex,
        kind === 2 ? offset + 1 : offset,
        null,
        kind === 3 ? "?" : /^\d+$/.test(written) ? Number(written) : written,
        label,
      ]);
      const three = compositeLabel[label];
      if (three !== undefined) {
        work.composite({
          database: "casme2",
          subject: `sub${subject}`,
          clip,
          label: three,
          take,
          onset: 0,
          apex,
        });
      }
    }
  }
  await writeInto(
    work,
    "CASME2-coding-20140508.xlsx",
    writeXlsx([{ name: "Sheet1", rows: table }, { name: "Sheet2", rows: [] }, { name: "Sheet3", rows: [] }]),
  );
  return count;
}

const pad = (n: number) => String(n).padStart(2, "0");
