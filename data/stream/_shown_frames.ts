/** What ffmpeg's filter `showinfo` says of a frame. */
export interface ShownFrame {
  /** Seconds; NaN where the file does not tell. */
  readonly time: number;
  readonly width: number;
  readonly height: number;
}

/** Reads what ffmpeg says while it decodes: frames as they come, and what went wrong. */
export class ShownFrames {
  readonly #waiting: ShownFrame[] = [];
  #wake: () => void = () => {};
  #ended = false;
  #count = 0;
  /** Seconds between two frames by the header; 1/25 if it is silent. */
  spacing = 1 / 25;
  /**
   * The first error that it told after the first frame, or the last one before. Frames after the former are not given: ffmpeg patches up what it cannot decode.
   */
  error: string | undefined;
  /** Whether ffmpeg goes on behind a damaged place. */
  damaged = false;
  /** Ends with ffmpeg. */
  readonly done: Promise<void>;

  constructor(messages: ReadableStream<Uint8Array>) {
    this.done = this.#read(messages);
  }

  /** The next frame, which ffmpeg names before it writes its pixels; undefined after the last. */
  async next(): Promise<ShownFrame | undefined> {
    while (this.#waiting.length === 0 && !this.#ended) {
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
    return this.#waiting.shift();
  }

  async #read(messages: ReadableStream<Uint8Array>): Promise<void> {
    let rest = "";
    for await (
      const text of messages.pipeThrough(
        new TextDecoderStream() as unknown as TransformStream<Uint8Array, string>,
      )
    ) {
      const lines = (rest + text).split(/[\r\n]+/);
      rest = lines.pop()!;
      for (const line of lines) this.#hear(line);
    }
    this.#hear(rest);
    this.#ended = true;
    this.#wake();
  }

  #hear(line: string): void {
    const shown = /showinfo.*\] n: *\d+ pts: *\S+ pts_time:(\S+) .* s:(\d+)x(\d+)/.exec(line);
    if (this.#ended) return;
    if (shown !== null) {
      this.#count++;
      this.#waiting.push({ time: Number(shown[1]), width: Number(shown[2]), height: Number(shown[3]) });
      this.#wake();
      return;
    }
    const rate = /showinfo.*\] config in time_base: \S+ frame_rate: (\d+)\/(\d+)/.exec(line);
    if (rate !== null && Number(rate[1]) > 0) this.spacing = Number(rate[2]) / Number(rate[1]);
    const error = /\[(?:error|fatal)\] (.*)/.exec(line)?.[1]?.trim();
    if (!error) return;
    this.error = error;
    if (/corrupt/i.test(error) && /packet/i.test(error)) return; // said when it is read, before what precedes it is decoded; it is discarded
    if (this.#count === 0) return; // of a recording that begins between two whole pictures, or of another stream
    this.damaged = this.#ended = true;
    this.#wake();
  }
}
