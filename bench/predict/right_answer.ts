// How often `predictFrames` is right: drawn people whom the networks have not seen, each with one movement of a class in two seconds at 25 frames a second; their faces are found, the movement is spotted, and the
// class of the window that is marked as a peak is compared with what was drawn. The networks are of a run on synthetic databases that were prepared with faces.
//   deno task deno run -A bench/predict/right_answer.ts RUN [PEOPLE]      12 by default, three clips each
import { drawActionUnits } from "../../data/mod.ts";
import type { TimedFrame } from "../../data/stream/mod.ts";
import { seededRandom, startEngine } from "../../engine/mod.ts";
import { loadModel, predictFrames } from "../../predict/mod.ts";
import { steadyFinder } from "../../predict/steady_finder.ts";
import { film, placed } from "../../tests/predict/_film.ts";
import { UserError } from "../../types.ts";

const [run, people = "12"] = Deno.args;
if (run === undefined) throw new UserError("Name a run folder.", 2);
const finder = await steadyFinder();
await startEngine();
const model = await loadModel(run);
const drawn = {
  positive: ["happiness"],
  surprise: ["surprise"],
  negative: ["disgust", "anger", "sadness", "fear"],
};
const [side, width, height, count, fps] = [160, 240, 240, 50, 25];
const wrong: string[] = [];
let total = 0, marked = 0, spotted = 0, right = 0;

function* frames(pictures: readonly Uint8Array[]): Generator<TimedFrame> {
  for (const [k, pixels] of pictures.entries()) {
    const frame = placed([{ pixels, side, left: 40, top: 40 }], width, height);
    yield { pixels: frame, width, height, channels: 3, time: k / fps, frame: k + 1 };
  }
}

for (let person = 0; person < Number(people); person++) {
  const random = seededRandom(`right answer ${person}`);
  for (const [label, expressions] of Object.entries(drawn)) {
    const expression = expressions[random.integer(expressions.length)]!;
    const apex = 18 + random.integer(12), units = drawActionUnits(expression, 0.4, random, true);
    const movement = { units, onset: apex - 5, apex, offset: apex + 7 };
    const { faces } = await predictFrames(frames(film(`new ${person}`, side, count, [movement])), model, {
      finder,
    });
    const peak = faces[0]?.windows.filter(({ peak }) => peak).sort((a, b) => b.brief - a.brief)[0];
    total++;
    if (peak === undefined) {
      wrong.push(`${label} (${expression}): ${faces.length === 0 ? "no face" : "no peak"}`);
      continue;
    }
    marked++;
    spotted += Number(Math.abs(peak.apex.frame - 1 - apex) <= 2);
    right += Number(peak.label === label);
    if (peak.label !== label) wrong.push(`${label} (${expression}): ${peak.label}`);
  }
}
console.log(
  `${total} movements of ${people} new people: ${marked} marked as peaks, the apex of ${spotted} within two frames, ${right} named rightly`,
);
for (const line of wrong) console.log(`  ${line}`);
model.dispose();
