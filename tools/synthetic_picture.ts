// Draws docs/img/synthetic.png:  deno task deno run -A tools/synthetic_picture.ts
import {
  type ActionUnits,
  contactSheet,
  drawIdentity,
  expressionUnits,
  renderFace,
} from "../data/synth/mod.ts";
import { seededRandom } from "../engine/random.ts";

const shown = ["happiness", "surprise", "disgust", "anger", "sadness", "fear", "contempt"];
const people = ["a", "d", "i"].map((name) => drawIdentity(seededRandom(`picture ${name}`)));
const draw = (person: number, units: ActionUnits) =>
  renderFace(people[person]!, units, { size: 112, noise: 1 });
const scaled = (units: ActionUnits, by: number) =>
  Object.fromEntries(Object.entries(units).map(([unit, strength]) => [unit, strength * by]));
const macro = shown.map((name): ActionUnits =>
  name === "happiness" ? { ...expressionUnits[name]![0]!, "25": 0.9 } : expressionUnits[name]![0]!
);
const micro = shown.map((name) => scaled(expressionUnits[name]![0]!, 0.28));
const rows = people.map((_, person) => [{}, ...macro].map((units) => draw(person, units)));
rows.push([{}, ...micro].map((units) => draw(1, units)));
await Deno.writeFile(new URL("../docs/img/synthetic.png", import.meta.url), await contactSheet(rows));
