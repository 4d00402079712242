import { dirname, join } from "node:path";
import type { Random } from "../../engine/random.ts";
import { expressionCurve } from "./expression_curve.ts";
import { type ActionUnits, drawActionUnits } from "./expressions.ts";
import { encodeImage, type ImageFormat } from "./_encode.ts";
import {
  castPerson,
  filmFrame,
  lightPerson,
  type Person,
  prepareTake,
  type Studio,
  type Take,
} from "./_take.ts";
import type { LitFace } from "./_shade.ts";

/** What the writers of all databases share. */
export interface Work {
  /** Where the database is written for now. */
  readonly folder: string;
  /** Width and height of a frame. */
  readonly size: number;
  readonly random: Random;
  readonly subjects: number;
  /** Clips of each subject. */
  readonly clips: number;
  /** Mean strength of the expressions, 0..1. */
  readonly strength: number;
  /** Mean number of frames of a clip. */
  readonly frames: number;
  /** Classes as often as each other, or as in the real database. */
  readonly balance: "balanced" | "real";
  /** Called after every clip. */
  readonly finished: () => void;
  /** Called with what could not be made on this machine, and why. */
  readonly note: (text: string) => void;
  /** Called for every clip that belongs to the composite. */
  readonly composite: (entry: CompositeClip) => void;
}

/** A clip of the composite: as its official list writes it, and the take for its optical flow. */
export interface CompositeClip {
  readonly database: "casme2" | "smic" | "samm";
  /** The subject as the list writes it. */
  readonly subject: string;
  readonly clip: string;
  /** 0 negative, 1 positive, 2 surprise. */
  readonly label: 0 | 1 | 2;
  readonly take: Take;
  /** Positions of onset and apex in the take. */
  readonly onset: number;
  readonly apex: number;
}

/** A subject in front of the camera. */
export interface Sitter {
  readonly person: Person;
  readonly lit: LitFace;
  readonly random: Random;
}

/** Casts and lights subject k. */
export function seat(work: Work, studio: Studio, k: number): Sitter {
  const random = work.random.fork(`subject ${k}`);
  const person = castPerson(random.fork("face"), work.size);
  return { person, lit: lightPerson(person, random.fork("light"), studio), random };
}

/** Deals labels to subjects: shares of the whole by largest remainder, spread over subjects in turn, shuffled within. */
export function dealLabels(
  shares: Readonly<Record<string, number>>,
  subjects: number,
  clips: number,
  random: Random,
): string[][] {
  const total = subjects * clips, sum = Object.values(shares).reduce((a, b) => a + b, 0);
  const quotas = Object.entries(shares).map(([label, share]) => ({ label, exact: share * total / sum }));
  const deck = quotas.map(({ label, exact }) => ({ label, n: Math.floor(exact), rest: exact % 1 }));
  const left = total - deck.reduce((a, { n }) => a + n, 0);
  for (const quota of [...deck].sort((a, b) => b.rest - a.rest).slice(0, left)) quota.n++;
  const hands: string[][] = Array.from({ length: subjects }, () => []);
  let next = 0;
  for (const { label, n } of deck) {
    for (let i = 0; i < n; i++) hands[next++ % subjects]!.push(label);
  }
  return hands.map((hand) => random.shuffle(hand));
}

/** Movements that have nothing to do with the expression (a swallow, a squint): in this share of micro clips. */
const twitchShare = 0.6;
const twitches = ["2", "4", "7", "12", "14", "17", "23", "L2", "R12"];

/** A micro-expression of about `work.frames` frames: weak, short, from onset to offset. `units` are those that a coder would write. */
export function microTake(
  work: Work,
  sitter: Sitter,
  studio: Studio,
  expression: string,
  random: Random,
): { take: Take; apex: number; units: ActionUnits } {
  const frames = Math.max(6, Math.round(work.frames * (0.8 + 0.4 * random.next())));
  const apex = Math.round((frames - 1) * (0.35 + 0.25 * random.next()));
  // Strengths spread by a third, so that some clips are hardly visible, as in the real databases.
  const spread = Math.exp(0.3 * Math.max(-1.8, Math.min(1.8, random.normal())) - 0.045);
  const strength = work.strength * spread * sitter.person.face.mobility;
  const units = drawActionUnits(expression, strength, random);
  const twitch = twitches[random.integer(twitches.length)]!;
  const shown = random.next() < twitchShare && !(twitch in units)
    ? { ...units, [twitch]: 0.75 * work.strength }
    : units;
  const residual = 0.25 * random.next();
  const curve = Array.from(
    { length: frames },
    (_, i) => expressionCurve(i, 0, apex, frames - 1, { residual }),
  );
  return { take: prepareTake(sitter.person, sitter.lit, studio, shown, curve, random), apex, units };
}

/** Films a take into files named by frame, relative to the database's folder. */
export async function filmClip(
  work: Work,
  take: Take,
  name: (i: number) => string,
  format: ImageFormat,
): Promise<void> {
  const folder = join(work.folder, dirname(name(0)));
  await Deno.mkdir(folder, { recursive: true });
  const { grey } = take.studio, { size } = work;
  // Frames are drawn one after the other, because noise is a stream; encoding runs beside it.
  const writing = take.curve.map((_, i) => {
    const pixels = filmFrame(take, i, size);
    return encodeImage(pixels, size, size, format, grey).then((bytes) =>
      Deno.writeFile(join(work.folder, name(i)), bytes)
    );
  });
  await Promise.all(writing);
  work.finished();
}

/** Writes a file of the database, with its folders. */
export async function writeInto(work: Work, name: string, content: string | Uint8Array): Promise<void> {
  const file = join(work.folder, name);
  await Deno.mkdir(dirname(file), { recursive: true });
  await (typeof content === "string" ? Deno.writeTextFile(file, content) : Deno.writeFile(file, content));
}
