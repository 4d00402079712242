import type { JSX, TargetedEvent } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { clipOf, filesOf } from "./clip_of.ts";
import type { ClipInput } from "./messages.ts";

/** What the inputs of the page have in common. */
export interface InputProps {
  /** Whether the model is there. */
  readonly able: boolean;
  readonly onClip: (input: ClipInput) => void;
  readonly onProblem: (text: string) => void;
}

/** Takes a video, images or a folder: dropped anywhere on the page, or chosen. */
export function ClipPicker({ able, onClip, onProblem }: InputProps): JSX.Element {
  const [fps, setFps] = useState(200);
  const [over, setOver] = useState(false);
  const take = (files: readonly File[]) => {
    const clip = clipOf(files, fps);
    if (typeof clip === "string") onProblem(clip);
    else onClip(clip);
  };
  const now = useRef({ able, take });
  now.current = { able, take };
  useEffect(() => {
    const drag = (event: DragEvent) => {
      event.preventDefault();
      setOver(event.type === "dragover");
    };
    const drop = async (event: DragEvent) => {
      drag(event);
      if (event.dataTransfer === null || !now.current.able) return;
      now.current.take(await filesOf(event.dataTransfer));
    };
    addEventListener("dragover", drag);
    addEventListener("dragleave", drag);
    addEventListener("drop", drop);
    return () => {
      removeEventListener("dragover", drag);
      removeEventListener("dragleave", drag);
      removeEventListener("drop", drop);
    };
  }, []);
  const chosen = ({ currentTarget }: TargetedEvent<HTMLInputElement>) => {
    if (currentTarget.files !== null && currentTarget.files.length > 0) take([...currentTarget.files]);
    currentTarget.value = ""; // so that the same file can be chosen again
  };
  return (
    <div class={over ? "panel drop over" : "panel drop"}>
      <h3>From files</h3>
      <p class="small soft">
        Drop a video, or the image frames of one clip, anywhere on this page. Videos: MP4, MOV, WebM or MKV,
        what of it the browser decodes. Images: JPEG, PNG or BMP, in the order of their numbers. Up to a
        second is one clip, from onset to offset; more is cut into windows of a second.
      </p>
      <div class="buttons">
        <label class="button">
          Video or images
          <input
            id="files"
            type="file"
            multiple
            accept="video/*,image/*,.mkv,.bmp"
            disabled={!able}
            onChange={chosen}
          />
        </label>
        <label class="button">
          Folder of images
          <input id="folder" type="file" disabled={!able} onChange={chosen} {...{ webkitdirectory: true }} />
        </label>
      </div>
      <label class="field small">
        Images a second
        <input
          id="fps"
          type="number"
          min={1}
          max={1000}
          value={fps}
          onInput={({ currentTarget }) =>
            setFps(Math.min(1000, Math.max(1, currentTarget.valueAsNumber || 1)))}
        />
        <span class="soft">CASME II and SAMM have 200, SMIC 100.</span>
      </label>
    </div>
  );
}
