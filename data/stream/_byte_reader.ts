/** Takes runs of known length off a stream of bytes. */
export class ByteReader {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  #chunk = new Uint8Array();
  #at = 0;

  constructor(stream: ReadableStream<Uint8Array>) {
    this.#reader = stream.getReader();
  }

  /** Fills the bytes; false if the stream ended before. */
  async fill(bytes: Uint8Array): Promise<boolean> {
    for (let filled = 0; filled < bytes.length;) {
      if (this.#at === this.#chunk.length) {
        const { done, value } = await this.#reader.read();
        if (done) return false;
        [this.#chunk, this.#at] = [value as Uint8Array<ArrayBuffer>, 0];
      }
      const part = this.#chunk.subarray(this.#at, this.#at + bytes.length - filled);
      bytes.set(part, filled);
      filled += part.length;
      this.#at += part.length;
    }
    return true;
  }

  /** The rest is not wanted. */
  async close(): Promise<void> {
    await this.#reader.cancel().catch(() => {});
  }
}
