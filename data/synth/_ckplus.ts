import { expressionCurve } from "./expression_curve.ts";
import { drawActionUnits } from "./expressions.ts";
import { landmarks } from "./_landmarks.ts";
import { prepareTake, sceneOf, type Studio } from "./_take.ts";
import { dealLabels, filmClip, seat, type Work, writeInto } from "./_work.ts";

const studio: Studio = { noise: 2.4, grey: true, lightSpread: 0.28, wall: [0.34, 0.35, 0.36], drift: 0.5 };
const codes = ["neutral", "anger", "contempt", "disgust", "fear", "happy", "sadness", "surprise"];
const balanced = { happy: 6, surprise: 6, disgust: 3, anger: 3, sadness: 2, fear: 2, contempt: 1 };
const real = { surprise: 83, happy: 69, disgust: 59, anger: 45, sadness: 28, fear: 25, contempt: 18 };

/**
 * CK+: `cohn-kanade-images/S005/001/S005_001_00000011.png`, `Emotion/`, `FACS/` and `Landmarks/` beside it, neutral to peak.
 * One sequence of every second subject has no emotion file, as 266 of the real 593 have none.
 */
export async function writeCkplus(work: Work): Promise<number> {
  const hands = dealLabels(work.balance === "real" ? real : balanced, work.subjects, work.clips, work.random);
  let count = 0;
  for (const [k, hand] of hands.entries()) {
    const subject = `S${String(5 + 5 * k + (k % 3)).padStart(3, "0")}`, sitter = seat(work, studio, k);
    for (const [i, label] of hand.entries()) {
      const random = sitter.random.fork(`clip ${i}`);
      const frames = Math.max(6, Math.round(work.frames * (0.8 + 0.4 * random.next())));
      const strength = work.strength * (0.85 + 0.15 * random.next()) * sitter.person.face.mobility;
      const units = drawActionUnits(label === "happy" ? "happiness" : label, strength, random, true);
      // Posed macro smiles mostly part the lips.
      const posed = label === "happy" && random.next() < 0.7
        ? { ...units, "25": 0.7 + 0.3 * random.next() }
        : units;
      const rise = 1 + random.integer(2);
      const curve = Array.from(
        { length: frames },
        (_, f) => expressionCurve(f, rise - 1, frames - 1, frames - 1),
      );
      const take = prepareTake(sitter.person, sitter.lit, studio, posed, curve, random);
      const session = String(i + 1).padStart(3, "0"), folder = `${subject}/${session}`;
      const stem = (f: number) => `${folder}/${subject}_${session}_${String(f + 1).padStart(8, "0")}`;
      await filmClip(work, take, (f) => `cohn-kanade-images/${stem(f)}.png`, "png");
      for (let f = 0; f < frames; f++) {
        const points = landmarks(sceneOf(take, f), work.size);
        await writeInto(work, `Landmarks/${stem(f)}_landmarks.txt`, numberLines(points));
      }
      const last = stem(frames - 1);
      const facs = Object.entries(posed).map((
        [unit, w],
      ) => [Number(unit.replace(/^[LR]/, "")), Math.ceil(w * 5)]);
      await writeInto(work, `FACS/${last}_facs.txt`, numberLines(facs));
      if (k % 2 === 1 && i === hand.length - 1) {
        await Deno.mkdir(`${work.folder}/Emotion/${folder}`, { recursive: true });
      } else {
        await writeInto(work, `Emotion/${last}_emotion.txt`, numberLines([[codes.indexOf(label)]]));
      }
      count++;
    }
  }
  return count;
}

/** Numbers as CK+ writes them: `   3.0000000e+00`, a line for each row. */
function numberLines(rows: readonly (readonly number[])[]): string {
  const one = (x: number) => {
    const [mantissa, exponent] = x.toExponential(7).split("e") as [string, string];
    return `   ${mantissa}e${exponent[0]}${exponent.slice(1).padStart(2, "0")}`;
  };
  return rows.map((row) => `${row.map(one).join("")}\n`).join("");
}
