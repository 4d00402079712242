import { writeXlsx, type XlsxCell } from "../xlsx_writer.ts";
import { type ActionUnits, writeActionUnits } from "./expressions.ts";
import type { Studio } from "./_take.ts";
import { dealLabels, filmClip, microTake, seat, type Work, writeInto } from "./_work.ts";

const studio: Studio = { noise: 1.3, grey: true, lightSpread: 0.16, wall: [0.42, 0.43, 0.44], drift: 0.4 };
const balanced = {
  Happiness: 10,
  Surprise: 10,
  Anger: 5,
  Disgust: 2,
  Contempt: 2,
  Fear: 1,
  Sadness: 1,
  Other: 3,
};
const real = {
  Anger: 57,
  Other: 26,
  Happiness: 26,
  Surprise: 15,
  Contempt: 12,
  Disgust: 9,
  Fear: 8,
  Sadness: 6,
};
/** Some of the real subjects' numbers: they are not consecutive. */
const subjects = [
  6,
  7,
  9,
  10,
  11,
  12,
  13,
  14,
  15,
  16,
  17,
  18,
  19,
  20,
  21,
  22,
  23,
  24,
  25,
  26,
  28,
  30,
  31,
  32,
  33,
  34,
  35,
  36,
  37,
];
const objectiveClass: Readonly<Record<string, number>> = {
  Happiness: 1,
  Surprise: 2,
  Anger: 3,
  Disgust: 4,
  Sadness: 5,
  Fear: 6,
  Contempt: 7,
  Other: 7,
};
/** The preamble: 13 lines, as many as in the real table, in our own words. */
const preamble: XlsxCell[][] = [
  [
    "Synthetic look-alike of a coding table",
    null,
    null,
    null,
    "(Written by m2m data synth; no person was filmed.)",
  ],
  [],
  [
    "Emotional and objective classes are in columns J and K.",
    null,
    null,
    null,
    null,
    null,
    null,
    null,
    "Made up.",
  ],
  [null, null, null, null, "(The faces are drawn; the frames' numbers are drawn at random.)"],
  [],
  ["Symbol key:"],
  ['"/" = one or the other'],
  ['"?" = not certain'],
  [],
  ["Action units:"],
  ['"L2 or R2" = on one side of the face only'],
  ['"A2" = stronger on one side'],
  [],
];

/**
 * SAMM: `SAMM/006/006_1_2/006_05562.jpg` in grey, and the table below 13 lines of preamble with the duration as a formula.
 * Oddities: an apex beyond the offset, one far before the onset, action units with sides, brackets, remarks and blanks.
 */
export async function writeSamm(work: Work): Promise<number> {
  const hands = dealLabels(work.balance === "real" ? real : balanced, work.subjects, work.clips, work.random);
  const rows: XlsxCell[][] = [...preamble, [
    "Subject",
    "Filename",
    "Inducement Code",
    "Onset Frame",
    "Apex Frame",
    "Offset Frame",
    "Duration",
    "Micro",
    "Action Units",
    "Estimated Emotion",
    "Objective Classes",
    "Notes",
  ]];
  let count = 0;
  for (const [k, hand] of hands.entries()) {
    const id = subjects[k % subjects.length]! + 40 * Math.floor(k / subjects.length);
    const subject = String(id).padStart(3, "0"), sitter = seat(work, studio, k);
    for (const [i, label] of hand.entries()) {
      const random = sitter.random.fork(`clip ${i}`), code = 1 + Math.floor(i / 2);
      const clip = `${subject}_${code}_${2 + i % 2}`;
      const expression = label === "Other" ? "others" : label.toLowerCase();
      const { take, apex, units } = microTake(work, sitter, studio, expression, random);
      const onset = 300 + random.integer(6000), offset = onset + take.curve.length - 1;
      await filmClip(
        work,
        take,
        (f) => `SAMM/${subject}/${clip}/${subject}_${String(onset + f).padStart(5, "0")}.jpg`,
        "jpg",
      );
      count++;
      const line = rows.length + 1, blinks = take.blinks.some((closed) => closed > 0);
      rows.push([
        subject,
        clip,
        code,
        onset,
        // Two slips of the pen, as in the real table.
        count === 4 ? offset + 9 : count === 8 ? Math.floor((onset + apex) / 3) : onset + apex,
        offset,
        { formula: `SUM(F${line}-D${line})+1`, value: offset - onset + 1 },
        take.curve.length > 100 ? "Macro" : "Micro - 1/2",
        remark(units, count),
        label,
        objectiveClass[label]!,
        blinks ? "While blinking" : null,
      ]);
      if (label !== "Other") {
        work.composite({
          database: "samm",
          subject: String(id), // the official list lost the zeros
          clip,
          label: label === "Happiness" ? 1 : label === "Surprise" ? 2 : 0,
          take,
          onset: 0,
          apex,
        });
      }
    }
  }
  await writeInto(work, "SAMM_Micro_FACS_Codes_v2.xlsx", writeXlsx([{ name: "MICRO_ONLY", rows }]));
  return count;
}

/** Action units as SAMM's coders write them. */
function remark(units: ActionUnits, count: number): string | number {
  const text = writeActionUnits(units);
  switch (count % 9) {
    case 2:
      return `${text} `;
    case 4:
      return `A/L${text.replace(/[LR]/g, "").split("+")[0]}`;
    case 5:
      return `${text.split("+")[0]}A/B`;
    case 6:
      return `T${text.replace(/[LR]/g, "").split("+").at(-1)}`;
    case 7:
      return `(R6 or ${text})`;
    case 8:
      return `${text}+soft focus`;
    default:
      return /^\d+$/.test(text) ? Number(text) : text;
  }
}
