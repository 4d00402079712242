import { basename, extname, join } from "node:path";
import { type DatabaseReading, type FrameSource, type Sample, UserError } from "../../types.ts";
import { byNumber, entries, foldersBelow, listFrames, openRoot } from "../_files.ts";
import { Problems } from "../_problems.ts";
import { decodeText } from "../_table.ts";
import { openVideo } from "../open_video.ts";
import { sortSamples } from "./_coded_database.ts";
import { imageSource, noteGaps, noteOdd } from "./_place.ts";

const labels = ["anger", "disgust", "fear", "happy", "sadness", "surprise"];

/**
 * Reads MMI (Pantic et al. 2005; Valstar and Pantic 2010): `Sessions/<id>/session.xml`, `S001-001.avi` or a session's numbered
 * images, `S001-001.xml` with the emotion, and `S001-001-oao_aucs.xml` with the frames where action units begin and end.
 *
 * Labels are `anger, disgust, fear, happy, sadness, surprise`; sessions with another emotion or none are reported and left out, and
 * so are views other than the frontal one and single images, which have no motion. A session runs neutral, apex, neutral: the
 * onset is the first onset of an action unit, the apex the first frame at which all are at their apex (the median of their apices
 * where they never are), the offset the last return to neutral. Without those markers it is the whole session with its midpoint as apex
 * (`apexOrigin: "midpoint"`). A frontal video without action unit markers comes from the part of MMI that was filmed sideways and is turned
 * by 90 degrees; so public code does it, no document of MMI says it, and it is reported. Subjects are `S001`, clips `S001-001`.
 *
 * Videos need ffmpeg: without it they are left out and reported, image sessions are read all the same.
 *
 * @param root The folder that holds `Sessions`.
 * @throws {UserError} if there is no session, or none that can be read here.
 *
 * @example
 * ```ts
 * import { readMmi } from "@macro2micro/mer/data";
 * import { assertEquals } from "@std/assert";
 *
 * const root = await Deno.makeTempDir();
 * const session = `${root}/Sessions/1`;
 * await Deno.mkdir(session, { recursive: true });
 * await Deno.writeTextFile(`${session}/session.xml`, '<session><track view="0"/></session>');
 * await Deno.writeTextFile(`${session}/S001-001.xml`, '<Metatags><Metatag Name="Emotion" Value="6"/></Metatags>');
 * for (const n of [1, 2, 3]) await Deno.writeTextFile(`${session}/S001-001-00${n}.png`, "");
 * const { samples } = await readMmi(root);
 * assertEquals(samples.map(({ subject, clip, label }) => [subject, clip, label]), [["S001", "S001-001", "surprise"]]);
 * ```
 */
export async function readMmi(root: string): Promise<DatabaseReading> {
  const path = await openRoot(root, "MMI");
  const sessions = await findSessions(path);
  const problems = new Problems();
  let samples: Sample[] = [];
  const twice = new Set<string>();
  for (const folder of sessions) {
    const sample = await readSession(folder, problems);
    if (sample === undefined) continue;
    const name = `${sample.subject}/${sample.clip}`, other = samples.find(({ clip }) => clip === sample.clip);
    if (other === undefined) samples.push(sample);
    else if (facts(other) === facts(sample)) {
      problems.keep(
        name,
        "session",
        basename(folder),
        "another session has the same clip: this one is not counted",
      );
    } else {
      const remedy = "two sessions have this clip and differ: it is left out until one of them is removed";
      problems.drop(name, "session", basename(folder), remedy);
      twice.add(sample.clip);
    }
  }
  samples = samples.filter(({ clip }) => !twice.has(clip));
  const noProgram = problems.list.find((problem) =>
    problem.field === "video" && problem.found.endsWith("is not installed")
  );
  if (samples.length === 0 && noProgram !== undefined) {
    throw new UserError(
      `Cannot read MMI in ${path}: its sessions are videos and ${noProgram.found}; install ffmpeg (apt-get install ffmpeg)`,
    );
  }
  const subjects = new Set(samples.map((sample) => sample.subject)).size;
  return {
    database: "mmi",
    edition:
      `MMI, ${sessions.length} sessions: ${samples.length} frontal ones with one of six emotions, ${subjects} subjects`,
    samples: sortSamples(samples),
    problems: problems.list,
  };
}

/** What a session says of its clip, wherever it lies. */
function facts({ label, source, onset, apex, offset }: Sample): string {
  return JSON.stringify([
    label,
    source.kind === "images" ? source.files.length : source.frames,
    onset,
    apex,
    offset,
  ]);
}

async function findSessions(root: string): Promise<string[]> {
  const found: string[] = [];
  for (const folder of await foldersBelow(root, 3, () => false)) {
    if ((await entries(folder)).files.some((name) => name.toLowerCase() === "session.xml")) {
      found.push(folder);
    }
  }
  if (found.length === 0) {
    throw new UserError(
      `Cannot read MMI in ${root}: no session (Sessions/1/session.xml) was found; give the folder that holds Sessions`,
    );
  }
  return found.sort(byNumber);
}

async function readSession(folder: string, problems: Problems): Promise<Sample | undefined> {
  const { files } = await entries(folder);
  const named = (ending: RegExp) => files.find((name) => ending.test(name));
  const emotionFile = named(/^S\d+-\d+\.xml$/i);
  const video = named(/^S\d+-\d+\.(avi|mpg|mpeg|mp4)$/i);
  const image = named(/^S\d+-\d+\D.*\.(jpe?g|png|bmp)$/i)?.match(/^S\d+-\d+/i)?.[0];
  const stem = basename(emotionFile ?? video ?? image ?? "", extname(emotionFile ?? video ?? ""))
    .toUpperCase();
  const session = `session ${basename(folder)}`;
  // A vote for each kind of file: emotion, markers, video, images.
  const kinds = new Set(
    files.flatMap((name) => {
      const parts = /^(S\d+-\d+)(?!\d)(.*)$/i.exec(name);
      return parts === null ? [] : `${parts[1]!.toUpperCase()} ${parts[2]!.replace(/\d+/g, "#")}`;
    }),
  );
  const stems = Map.groupBy(kinds, (kind) => kind.split(" ")[0]!);
  if (stems.size > 1) {
    const [own] = [...stems].reduce((most, one) => one[1].length > most[1].length ? one : most);
    problems.drop(
      `${own.split("-")[0]}/${own}`,
      "session",
      `files of ${[...stems.keys()].join(" and ")} in ${basename(folder)}`,
      "nothing tells which of them belong together: the session is left out; restore its own files",
    );
    return undefined;
  }
  if (emotionFile === undefined) {
    problems.drop(
      stem === "" ? session : `${stem.split("-")[0]}/${stem}`,
      "label",
      "no emotion file",
      "the session is left out; MMI labels only a part of them",
    );
    return undefined;
  }
  const subject = stem.split("-")[0]!, name = `${subject}/${stem}`;
  const label = emotionOf(await xmlText(join(folder, emotionFile)));
  if (labels[label.value - 1] === undefined) {
    problems.drop(name, "label", label.found, "none of MMI's six emotions (1 to 6): the session is left out");
    return undefined;
  }
  const about = await xmlText(join(folder, files.find((file) => file.toLowerCase() === "session.xml")!));
  const view = tags(about, "track").map((tag) => tag["view"]).find((value) => value !== undefined);
  if (view !== "0") {
    const what = view === "1" ? "profile" : view === "2" ? "two faces side by side" : "unknown";
    problems.drop(
      name,
      "view",
      `${view ?? "none"} (${what})`,
      "only frontal sessions (view 0) are read: this one is left out",
    );
    return undefined;
  }
  const markerFile = named(/-oao_aucs\.xml$/i);
  const media = video === undefined
    ? await imagesOf(folder, name, problems)
    : await videoOf(join(folder, video), markerFile === undefined, name, problems);
  if (media === undefined) return undefined;
  const markers = markerFile === undefined ? undefined : keyFrames(await xmlText(join(folder, markerFile)));
  const last = media.frames - 1;
  let times: Pick<Sample, "onset" | "apex" | "offset" | "apexOrigin">;
  if (markers !== undefined && markers.offset <= last) {
    times = { ...markers, apexOrigin: "coded" };
  } else {
    const found = markers === undefined
      ? "no usable markers"
      : `markers up to frame ${markers.offset + 1} of ${media.frames}`;
    problems.keep(name, "apex", found, "the whole session is the clip and its midpoint the apex");
    times = { onset: 0, apex: Math.floor(last / 2), offset: last, apexOrigin: "midpoint" };
  }
  return {
    database: "mmi",
    subject,
    clip: stem,
    label: labels[label.value - 1]!,
    source: media.source,
    ...times,
    fps: media.fps,
  };
}

interface Media {
  readonly source: FrameSource;
  readonly frames: number;
  readonly fps: number;
}

async function imagesOf(folder: string, name: string, problems: Problems): Promise<Media | undefined> {
  const { frames, odd } = await listFrames(folder);
  noteOdd(name, odd, problems);
  if (frames.length < 2) {
    const found = frames.length === 0
      ? "neither a video (avi, mpg, mp4) nor images (jpg, png, bmp)"
      : "a single image";
    problems.drop(name, "frames", found, "a clip needs motion: the session is left out");
    return undefined;
  }
  noteGaps(name, frames, problems);
  return { source: imageSource(frames), frames: frames.length, fps: 25 };
}

async function videoOf(
  file: string,
  sideways: boolean,
  name: string,
  problems: Problems,
): Promise<Media | undefined> {
  try {
    const { source, fps, variableRate, spacing } = await openVideo(file), { frames } = source;
    if (frames < 2) {
      problems.drop(name, "video", `${frames} frame`, "a clip needs motion: the session is left out");
      return undefined;
    }
    if (variableRate) {
      const found = `frames from ${spacing[0].toFixed(3)} to ${spacing[1].toFixed(3)} s apart`;
      problems.keep(
        name,
        "video",
        found,
        "the frame rate varies: frames are counted in their order, not timed",
      );
    }
    if (sideways && source.turn === 0) {
      const remedy =
        "turned by 90 degrees, since MMI filmed these sideways; look at one before you rely on it";
      problems.keep(name, "view", "frontal without action unit markers", remedy);
    }
    return { source: sideways && source.turn === 0 ? { ...source, turn: 90 } : source, frames, fps };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const missing = /(\w+) is not installed/.exec(error.message);
    if (missing !== null) {
      problems.drop(
        name,
        "video",
        `${missing[0]}`,
        "the session is left out; install ffmpeg (apt-get install ffmpeg)",
      );
    } else problems.drop(name, "video", "damaged", `the session is left out: ${error.message}`);
    return undefined;
  }
}

function emotionOf(xml: string): { value: number; found: string } {
  const tag = tags(xml, "Metatag").find((attributes) => attributes["name"]?.toLowerCase() === "emotion");
  const text = tag?.["value"]?.trim() ?? "";
  return {
    value: /^\d+$/.test(text) ? Number(text) : NaN,
    found: tag === undefined ? "no emotion" : `emotion ${text || "blank"}`,
  };
}

/** Onset, apex and offset, from 0, of the markers of all action units (which count frames from 1). */
function keyFrames(xml: string): { onset: number; apex: number; offset: number } | undefined {
  const onsets: number[] = [], apices: number[] = [], decays: number[] = [], neutrals: number[] = [];
  for (const [body] of xml.matchAll(/<ActionUnit\b[^]*?<\/ActionUnit>/gi)) {
    const markers = tags(body, "Marker").map((tag) => ({
      type: tag["type"],
      frame: Number(tag["frame"]) - 1,
    }))
      .filter(({ frame }) => Number.isInteger(frame) && frame >= 0);
    const first = (type: string) =>
      Math.min(...markers.filter((marker) => marker.type === type).map(({ frame }) => frame));
    const [onset, apex, decay] = [first("1"), first("2"), first("3")];
    if (Number.isFinite(onset)) onsets.push(onset);
    if (Number.isFinite(apex)) apices.push(apex);
    if (Number.isFinite(decay)) decays.push(decay);
    neutrals.push(
      ...markers.filter(({ type, frame }) => type === "0" && frame > decay).map(({ frame }) => frame),
    );
  }
  if (onsets.length === 0 || apices.length === 0) return undefined;
  const onset = Math.min(...onsets);
  const together = Math.max(...apices);
  const median = apices.sort((a, b) => a - b)[Math.floor((apices.length - 1) / 2)]!;
  const apex = decays.length === 0 || together <= Math.min(...decays) ? together : median;
  const offset = Math.max(...neutrals, ...decays, apex);
  return onset <= apex && onset < offset ? { onset, apex, offset } : undefined;
}

async function xmlText(file: string): Promise<string> {
  const bytes = await Deno.readFile(file).catch((error: Error) => {
    throw new UserError(`Cannot read ${file}: ${error.message}; check that it may be read`);
  });
  return bytes.length === 0 ? "" : decodeText(bytes);
}

/** The attributes of every element of a name, attribute names in lower case. */
function tags(xml: string, element: string): Record<string, string>[] {
  return [...xml.matchAll(new RegExp(`<${element}\\b([^>]*)>`, "gi"))].map(([, inside]) =>
    Object.fromEntries(
      [...inside!.matchAll(/([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)].map((
        [, key, a, b],
      ) => [key!.toLowerCase(), a ?? b ?? ""]),
    )
  );
}
