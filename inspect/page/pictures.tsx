import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Pictures as Given, Seen } from "./messages.ts";

/** What the model saw of the chosen window: the frame, the crop at onset and apex, what moved, and where the answer comes from. */
export function Pictures({ one, pictures }: { one: Seen; pictures: Given | undefined }): JSX.Element {
  const { window } = one;
  return (
    <div class="panel">
      <h3>What it saw</h3>
      {pictures === undefined ? <p class="small soft">The pictures are being made.</p> : (
        <div class="views">
          {pictures.frame !== undefined && (
            <figure class="whole">
              <Framed frame={pictures.frame} one={one} />
              <figcaption>
                Frame {window.from.frame}, the window's first{window.place === null
                  ? ". The model takes whole frames."
                  : `: the face (detector's score ${window.place.score.toFixed(2)}) and its eyes.`}
              </figcaption>
            </figure>
          )}
          <View image={pictures.onset} alt={`The crop at the onset, frame ${window.onset.frame}`}>
            Onset, frame {window.onset.frame}:{" "}
            {window.place === null ? "cut out" : "set upright by the eyes and cut out"}, {pictures.side}{" "}
            pixels
          </View>
          <View image={pictures.apex} alt={`The crop at the apex, frame ${window.apex.frame}`}>
            Apex, frame {window.apex.frame}
            {window.spotted.includes("apex") ? ", spotted" : ""}
          </View>
          <View
            image={pictures.flow}
            light
            alt={`Optical flow from onset to apex as colours; the fastest point moves ${
              pictures.greatest.toFixed(1)
            } pixels`}
          >
            Motion from onset to apex (TV-L1): red to the right, green down, blue to the left, violet up; full
            colour {pictures.greatest.toFixed(1)} pixels
          </View>
          <View
            image={pictures.saliency}
            alt={`Where in the face the network found what speaks for ${window.label}`}
          >
            Saliency for {window.label}{" "}
            {pictures.ofApex ? "on the apex frame" : "over all frames, on the apex frame"} (Grad-CAM,{" "}
            {pictures.cells} x {pictures.cells} cells, a scale of its own)
          </View>
        </div>
      )}
    </div>
  );
}

interface ViewProps {
  readonly image: Blob;
  readonly alt: string;
  /** Whether the ground is white in the dark too. */
  readonly light?: boolean;
  readonly children: unknown;
}

function View({ image, alt, light = false, children }: ViewProps): JSX.Element {
  const url = useUrl(image);
  return (
    <figure>
      <img src={url} alt={alt} class={light ? "light" : ""} />
      <figcaption>{children as string}</figcaption>
    </figure>
  );
}

/** The frame with the face's box and the eyes' centres drawn in. */
function Framed(
  { frame, one: { face, window: { place } } }: { frame: NonNullable<Given["frame"]>; one: Seen },
): JSX.Element {
  const url = useUrl(frame.image), { width, height } = frame;
  return (
    <svg
      role="img"
      viewBox={`0 0 ${width} ${height}`}
      aria-label={place === null
        ? "The window's first frame"
        : `The window's first frame, ${width} by ${height} pixels, with a box around face ${face}`}
    >
      <image href={url} width={width} height={height} />
      {place !== null && (
        <>
          <rect
            class="box"
            x={place.box.left}
            y={place.box.top}
            width={place.box.width}
            height={place.box.height}
          />
          {place.eyes.map(([x, y], i) => (
            <circle key={i} class="eye" cx={x} cy={y} r={Math.max(1.5, place.box.width / 60)} />
          ))}
        </>
      )}
    </svg>
  );
}

/** An address for a picture as long as it is shown. */
function useUrl(blob: Blob): string | undefined {
  const [url, setUrl] = useState<string | undefined>();
  useEffect(() => {
    const made = URL.createObjectURL(blob);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [blob]);
  return url;
}
