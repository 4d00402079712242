import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { InputProps } from "./clip_picker.tsx";
import { rgbOf } from "./pixels.ts";
import { Ring } from "./ring.ts";

/** What is looked at, and what is kept of the camera: seconds. */
const [look, keep] = [2, 4] as const;
/** Frames are kept no wider than this: two seconds at 60 a second are then 110 MB at most. */
const mostWidth = 640;

/** The camera: its last seconds are in memory, and are looked at when the user says so. */
export function Camera({ able, onClip, onProblem }: InputProps): JSX.Element {
  const [stream, setStream] = useState<MediaStream | undefined>();
  const [facts, setFacts] = useState({ seconds: 0, rate: 0, longest: 0 });
  const video = useRef<HTMLVideoElement>(null), ring = useRef(new Ring(keep));
  useEffect(() => {
    if (stream === undefined || video.current === null) return;
    ring.current = new Ring(keep);
    const stopWatching = watch(video.current, stream, ring.current);
    const timer = setInterval(() => setFacts(ring.current.facts()), 500);
    const ended = () => setStream(undefined);
    stream.getTracks().forEach((track) => track.addEventListener("ended", ended));
    return () => {
      stopWatching();
      clearInterval(timer);
      stream.getTracks().forEach((track) => track.stop());
    };
  }, [stream]);
  const open = async () => {
    try {
      setStream(await openCamera());
    } catch (error) {
      onProblem(whyNot(error as DOMException));
    }
  };
  return (
    <div class="panel camera">
      <h3>From the camera</h3>
      {stream === undefined
        ? (
          <>
            <p class="small soft">
              The last {keep}{" "}
              seconds stay in this page's memory; nothing is recorded. A camera of 30 frames a second sees two
              to fifteen frames of a micro-expression, the databases' cameras a hundred: take its answers as a
              demonstration.
            </p>
            <div class="buttons">
              <button type="button" disabled={!able} onClick={open}>Use the camera</button>
            </div>
          </>
        )
        : (
          <>
            <video ref={video} muted playsInline aria-label="What the camera sees" />
            <p class="small soft">
              {facts.rate === 0
                ? "Waiting for frames."
                : `${facts.rate.toFixed(1)} frames a second, at most ${
                  (1000 * facts.longest).toFixed(0)
                } ms apart; ${facts.seconds.toFixed(1)} s kept.`}
            </p>
            <div class="buttons">
              <button
                type="button"
                disabled={!able || facts.seconds < look / 2}
                onClick={() => onClip({ kind: "camera", frames: ring.current.last(look) })}
              >
                Look at the last {look} s
              </button>
              <button type="button" onClick={() => setStream(undefined)}>Stop the camera</button>
            </div>
          </>
        )}
    </div>
  );
}

async function openCamera(): Promise<MediaStream> {
  if (navigator.mediaDevices === undefined) throw new DOMException("", "SecurityError");
  return await navigator.mediaDevices.getUserMedia({
    video: { width: { ideal: mostWidth }, height: { ideal: 480 }, frameRate: { ideal: 60 } },
    audio: false,
  });
}

function whyNot({ name, message }: DOMException): string {
  switch (name) {
    case "NotAllowedError":
      return "The camera was refused; allow it for this page beside the browser's address, or give a file.";
    case "NotFoundError":
      return "There is no camera; give a file.";
    case "NotReadableError":
      return "The camera is busy: another program holds it. End that program, or give a file.";
    case "SecurityError":
      return "Browsers give the camera only to pages from https: or from this machine; give a file, or serve this folder so.";
    default:
      return `The camera cannot be used (${message}); give a file.`;
  }
}

/** Puts each new frame of the stream into the ring, with the time when it was taken where the browser knows it. */
function watch(video: HTMLVideoElement, stream: MediaStream, ring: Ring): () => void {
  let handle = 0, context: OffscreenCanvasRenderingContext2D | undefined;
  const take = (now: number, { captureTime, mediaTime }: VideoFrameCallbackMetadata) => {
    const { videoWidth, videoHeight } = video, scale = Math.min(1, mostWidth / videoWidth);
    const [width, height] = [Math.round(videoWidth * scale), Math.round(videoHeight * scale)];
    if (context?.canvas.width !== width || context.canvas.height !== height) {
      context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true })!;
    }
    context.drawImage(video, 0, 0, width, height);
    const time = captureTime === undefined ? mediaTime || now / 1000 : captureTime / 1000;
    ring.add({ ...rgbOf(context.getImageData(0, 0, width, height)), time });
    handle = video.requestVideoFrameCallback(take);
  };
  video.srcObject = stream;
  handle = video.requestVideoFrameCallback(take);
  video.play().catch(() => {}); // stopped before it began
  return () => video.cancelVideoFrameCallback(handle);
}
