import type { Sample } from "../../types.ts";
import { faceLines, round } from "./_face_lines.ts";
import type { ClipLook } from "./_look_at_clip.ts";
import { html, type Markup, type Part } from "../../page/mod.ts";
import type { PageContent, SheetClip } from "./_page.ts";

/** Some clips: three frames or lines, the flow, when the apex is. */
export function contactSheet(content: PageContent, colour: (label: string) => string): Markup {
  const { sheet, samples, faces, wheel, searched } = content;
  return html`
    <section aria-labelledby="clips">
      <h2 id="clips">Clips</h2>
      <p>${sheet.length} of ${samples
        .length} clips, of every label and of as many subjects as there is room for. The colours show where the skin moves from the onset frame to the apex frame (TV-L1 optical flow).</p>
      <div
        class="wheel"><img src="${wheel}" alt="Colour wheel of directions: red to the right, yellow down, blue to the left, violet up; white is no motion" width="80" height="80">
    <p class="small soft">Hue is direction, strength of colour is speed. Each picture has its own scale: the longest motion, which has the full colour, is written below it in pixels of the frame.${searched
      ? ""
      : " Faces were not looked for: the flow is that of the middle of the frame."}</p></div>
      <div class="sheet${faces ? " faces" : ""}">${sheet.map((clip) => card(clip, content, colour))}</div>
    </section>
  `;
}

function card({ sample, look }: SheetClip, content: PageContent, colour: (label: string) => string): Markup {
  const name = `${sample.subject} / ${sample.clip}`;
  return html`
    <article
      class="panel clip"><header><h3>${name}</h3><span class="tag"><i style="${colour(
        sample.label,
      )}"></i>${sample.label}</span></header>
    ${typeof look === "string" ? html`<p class="note small">${look}</p>` : views(name, look, content)}
    ${timeline(sample)}</article>
  `;
}

function views(name: string, look: ClipLook, { faces, searched }: PageContent): Markup {
  const { width, height, crop, landmarks, motion } = look;
  const where = crop.face ? "the face" : "the middle";
  const stroke = (part: number) => round(Math.max(width, height) * part);
  const box = html`
    <rect class="box" stroke-width="${stroke(0.008)}" x="${crop.left}" y="${crop.top}" width="${crop.side}"
      height="${crop.side}" />
  `;
  const lines = html`
    <g class="lines${faces ? " onface" : ""}" stroke-width="${stroke(0.006)}">${faceLines(landmarks)}</g>
  `;
  const picture = (image: string | undefined, what: string, caption: string, overlay: Part) =>
    html`
      <figure>
        <svg class="frame" viewBox="0 0 ${width} ${height}" role="img"
          aria-label="${what}">${image === undefined ? undefined : html`
            <image href="${image}" width="${width}" height="${height}" />
          `}${overlay}</svg>
        <figcaption>${caption}</figcaption>
      </figure>
    `;
  const found = landmarks.length > 0 ? "crop and landmarks" : searched ? "no face was found" : "crop";
  const still = motion < 0.05, longest = `up to ${motion.toFixed(1)} px`;
  const pictures = faces
    ? [
      picture(look.frames[0], `The onset frame of ${name}: ${found}`, "onset", [box, lines]),
      picture(look.frames[1], `The apex frame of ${name}`, "apex", box),
      picture(look.frames[2], `The offset frame of ${name}`, "offset", box),
    ]
    : picture(undefined, `${name}: ${found} at the onset, as lines`, found, [box, lines]);
  const about = `Optical flow of ${name} from onset to apex in ${where} of the frame: ${
    still ? "nothing moves" : longest
  }`;
  return html`
    <div class="views">
      ${pictures}
      <figure>
        <img class="flow" src="${look.flow}" width="160" height="160" alt="${about}">
        <figcaption>${still ? "flow: nothing moves" : `flow, ${longest}`}</figcaption>
      </figure>
    </div>
  `;
}

/** What is said of an apex that the database does not code. */
const origins: Readonly<Record<Sample["apexOrigin"], string>> = {
  coded: "",
  spotted: " (spotted: none is coded)",
  midpoint: " (the midpoint: none is coded)",
};

function timeline(sample: Sample): Markup {
  const { source, onset, apex, offset, fps, apexOrigin } = sample;
  const count = source.kind === "images" ? source.files.length : source.frames, last = Math.max(1, count - 1);
  const at = (position: number) => round(100 * position / last);
  const time = (frames: number) => `${Math.round(1000 * frames / fps)} ms`;
  return html`
    <div class="time">
      <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
        <rect y="4" width="100" height="2" fill="var(--line)" />
        <rect x="${at(onset)}" y="3" width="${round(
          at(offset) - at(onset),
        )}" height="4" fill="var(--accent)" />
        <rect x="${round(at(apex) - 0.6)}" y="0" width="1.2" height="10" fill="${apexOrigin === "coded"
          ? "var(--ink)"
          : "var(--soft)"}" />
      </svg>
      <p>${offset - onset + 1} frames, ${time(offset - onset)}; apex after ${time(
        apex - onset,
      )}${origins[apexOrigin]}${source.kind === "video" ? "; a video" : ""}</p>
    </div>
  `;
}
