import { join } from "node:path";
import { expressionCurve } from "./expression_curve.ts";
import { drawActionUnits } from "./expressions.ts";
import { filmFrame, prepareTake, type Studio, type Take } from "./_take.ts";
import { dealLabels, filmClip, seat, type Work, writeInto } from "./_work.ts";

const studio: Studio = { noise: 2, grey: false, lightSpread: 0.2, wall: [0.30, 0.38, 0.52], drift: 0.5 };
const codes = { anger: 1, disgust: 2, fear: 3, happy: 4, sadness: 5, surprise: 6 } as const;
const balanced = { happy: 3, surprise: 3, disgust: 2, anger: 1, sadness: 1, fear: 1 };
const real = { anger: 33, disgust: 32, fear: 28, happy: 42, sadness: 32, surprise: 41 };
/** How long the apex is held, as a share of the way back. */
const hold = 0.3;
/** The code of a session that is no emotion (an action unit alone): such sessions are left out by readers. */
const noEmotion = 9;

/**
 * MMI: `Sessions/<id>/` with `session.xml`, `S001-001.xml` (the emotion) and `S001-001-oao_aucs.xml` (onset, apex, offset of every
 * action unit). Sessions are numbered pictures, because image-only sessions need no outside program; the last one is a
 * video where ffmpeg is on the PATH, and pictures with a note otherwise. One session is of no emotion.
 */
export async function writeMmi(work: Work): Promise<number> {
  const hands = dealLabels(work.balance === "real" ? real : balanced, work.subjects, work.clips, work.random);
  const hasFfmpeg = await canRun("ffmpeg");
  let session = 0;
  for (const [k, hand] of hands.entries()) {
    const sitter = seat(work, studio, k), subject = k + 1;
    for (const [i, label] of hand.entries()) {
      const random = sitter.random.fork(`clip ${i}`);
      const id = ++session, stem = `S${three(subject)}-${three(id)}`, folder = `Sessions/${id}`;
      const frames = Math.max(8, Math.round(work.frames * (1 + 0.4 * random.next())));
      const onset = 1, apex = Math.round(frames * 0.45), offset = frames - 2;
      const held = Math.round(apex + hold * (offset - apex));
      const strength = work.strength * (0.85 + 0.15 * random.next()) * sitter.person.face.mobility;
      const units = drawActionUnits(label === "happy" ? "happiness" : label, strength, random, true);
      const curve = Array.from(
        { length: frames },
        (_, f) => expressionCurve(f, onset, apex, offset, { hold }),
      );
      const take = prepareTake(sitter.person, sitter.lit, studio, units, curve, random);
      const isLast = k === hands.length - 1 && i === hand.length - 1;
      if (isLast && hasFfmpeg) await filmVideo(work, take, `${folder}/${stem}.avi`);
      else await filmClip(work, take, (f) => `${folder}/${stem}-${String(f).padStart(4, "0")}.jpg`, "jpg");
      const emotion = session === 2 && hands.flat().length > 4
        ? noEmotion
        : codes[label as keyof typeof codes];
      await writeInto(work, `${folder}/session.xml`, sessionXml(id, subject, stem));
      await writeInto(work, `${folder}/${stem}.xml`, metadataXml(subject, id, emotion));
      await writeInto(
        work,
        `${folder}/${stem}-oao_aucs.xml`,
        codingXml(Object.keys(units), [onset, apex, held, offset]),
      );
    }
  }
  if (!hasFfmpeg) {
    work.note(
      "MMI: ffmpeg is not on the PATH, so every session is made of pictures and none is a video; install ffmpeg to have one",
    );
  }
  return session;
}

async function canRun(program: string): Promise<boolean> {
  try {
    return (await new Deno.Command(program, { args: ["-version"], stdout: "null", stderr: "null" }).output())
      .success;
  } catch {
    return false;
  }
}

const three = (n: number) => String(n).padStart(3, "0");
const head = '<?xml version="1.0" encoding="utf-8"?>\n';

function sessionXml(id: number, subject: number, stem: string): string {
  return `${head}<Session sessionId="${id}" view="0">\n  <Subject id="${subject}" />\n  <Track filename="${stem}" type="Video" view="0" />\n</Session>\n`;
}

function metadataXml(subject: number, id: number, emotion: number): string {
  return `${head}<Metadata>\n  <Metatag Name="Subject" Value="${subject}" />\n  <Metatag Name="Session" Value="${id}" />\n` +
    `  <Metatag Name="Emotion" Value="${emotion}" />\n  <Metatag Name="View" Value="0" />\n</Metadata>\n`;
}

/** Every action unit with its markers: type 1 onset, 2 apex, 3 offset begins, 0 neutral again. Frames count from 1. */
function codingXml(units: readonly string[], frames: readonly number[]): string {
  const markers = frames.map((frame, i) => `    <Marker Frame="${frame + 1}" Type="${(i + 1) % 4}" />\n`)
    .join("");
  const blocks = units.map((unit) => {
    const side = unit.startsWith("L") ? "L" : unit.startsWith("R") ? "R" : "B";
    return `  <ActionUnit Number="${unit.replace(/^[LR]/, "")}" Side="${side}">\n${markers}  </ActionUnit>\n`;
  });
  return `${head}<ActionUnitCoding>\n${blocks.join("")}</ActionUnitCoding>\n`;
}

/** A video of the take: raw frames into ffmpeg, which writes Motion JPEG without time stamps or a name of its own. */
async function filmVideo(work: Work, take: Take, name: string): Promise<void> {
  await writeInto(work, name, "");
  const { size } = work;
  const ffmpeg = new Deno.Command("ffmpeg", {
    args: [
      ..."-v error -y -f rawvideo -pix_fmt rgb24".split(" "),
      ...["-s", `${size}x${size}`, "-r", "25", "-i", "-"],
      ..."-c:v mjpeg -q:v 2 -pix_fmt yuvj444p -fflags +bitexact -flags:v +bitexact -threads 1".split(" "),
      join(work.folder, name),
    ],
    stdin: "piped",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const writer = ffmpeg.stdin.getWriter();
  for (let i = 0; i < take.curve.length; i++) await writer.write(filmFrame(take, i, size));
  await writer.close();
  const { success, stderr } = await ffmpeg.output();
  if (!success) throw new Error(`ffmpeg could not write ${name}: ${new TextDecoder().decode(stderr).trim()}`);
  work.finished();
}
