/**
 * Pairs of drawn faces, onset and apex, with the exact motion between them, for tools/golden/flow.py.
 *   deno task deno run -A tools/golden/face_motion.ts FILE.safetensors
 */
import { exactFlow } from "../../data/synth/_flow.ts";
import { castPerson, filmFrame, lightPerson, prepareTake } from "../../data/synth/_take.ts";
import { seededRandom } from "../../engine/random.ts";
import { writeSafetensors } from "../../models/mod.ts";

const size = 80;
// As the databases of data/synth film them: a head that drifts by half a pixel, camera noise.
const studio = { noise: 1, grey: true, lightSpread: 0.2, wall: [0.5, 0.52, 0.55], drift: 0.5 } as const;
const expressions = {
  smile: { "6": 0.28, "12": 0.28 },
  surprise: { "1": 0.28, "2": 0.28, "5": 0.28, "26": 0.2 },
  frown: { "4": 0.6, "7": 0.5, "15": 0.6 },
};

const tensors: Record<string, { shape: number[]; data: Uint8Array | Float32Array }> = {};
for (const [name, units] of Object.entries(expressions)) {
  const random = seededRandom(`golden flow ${name}`), person = castPerson(random, size);
  const take = prepareTake(person, lightPerson(person, random, studio), studio, units, [0, 1], random);
  const clip = {
    database: "casme2",
    subject: "sub01",
    clip: name,
    label: 0,
    take,
    onset: 0,
    apex: 1,
  } as const;
  for (const [key, frame] of [["from", 0], ["to", 1]] as const) {
    const grey = filmFrame(take, frame, size).filter((_, i) => i % 3 === 0);
    tensors[`${name}/${key}`] = { shape: [size, size], data: grey };
  }
  const { u, v } = exactFlow(clip, size);
  tensors[`${name}/true`] = { shape: [2, size, size], data: new Float32Array([...u, ...v]) };
}
const [file] = Deno.args;
if (file === undefined) throw new Error("Name the file to write");
await Deno.writeFile(file, writeSafetensors(tensors));
