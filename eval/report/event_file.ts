import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { crc32 } from "../_crc.ts";

/** A number at a step, for TensorBoard. */
export interface ScalarPoint {
  /** The step. */
  readonly step: number;
  /** The name; a slash groups. */
  readonly tag: string;
  /** The value, kept as float32. */
  readonly value: number;
}

/** Options of {@linkcode eventFile}. */
export interface EventFileOptions {
  /**
   * The time that every event bears, seconds since 1970: a constant gives equal bytes for equal numbers.
   *
   * @default {0}
   */
  wallTime?: number;
}

/**
 * The bytes of a TensorBoard event file: TFRecords (length, masked CRC32C of the length, data, masked CRC32C of the data) of `Event` messages, first
 * the version, then one event for each step with the scalars of the step in their order. Name the file `events.out.tfevents.*`.
 *
 * @example
 * ```ts
 * import { eventFile } from "@macro2micro/mer/eval/report";
 * import { assertEquals } from "@std/assert";
 *
 * const bytes = eventFile([{ step: 1, tag: "micro/expression", value: 0.5 }]);
 * assertEquals(new DataView(bytes.buffer).getBigUint64(0, true), 26n); // the version: 9 bytes of time, 2 of step, 15 of text
 * ```
 */
export function eventFile(points: readonly ScalarPoint[], options: EventFileOptions = {}): Uint8Array {
  const { wallTime = 0 } = options;
  const steps = [...Map.groupBy(points, ({ step }) => step)].sort(([a], [b]) => a - b);
  const version = event(
    wallTime,
    0,
    (writer) => writer.tag(3, WireType.LengthDelimited).string("brain.Event:2"),
  );
  const records = [
    version,
    ...steps.map(([step, own]) =>
      event(wallTime, step, (writer) => {
        writer.tag(5, WireType.LengthDelimited).fork(); // Event.summary
        for (const { tag, value } of own) {
          writer.tag(1, WireType.LengthDelimited).fork() // Summary.value
            .tag(1, WireType.LengthDelimited).string(tag)
            .tag(2, WireType.Bit32).float(value) // Value.simple_value
            .join();
        }
        return writer.join();
      })
    ),
  ].map(record);
  const bytes = new Uint8Array(records.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of records) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** An Event: wall_time 1, step 2, and one of its contents. */
function event(wallTime: number, step: number, content: (writer: BinaryWriter) => BinaryWriter): Uint8Array {
  const writer = new BinaryWriter().tag(1, WireType.Bit64).double(wallTime).tag(2, WireType.Varint).int64(
    step,
  );
  return content(writer).finish();
}

/** A TFRecord of some data. */
function record(data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(16 + data.length), view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, masked(bytes.subarray(0, 8)), true);
  bytes.set(data, 12);
  view.setUint32(12 + data.length, masked(data), true);
  return bytes;
}

/** CRC32C turned right by 15 bits plus a constant, so that a CRC of data that hold CRCs stays good. */
function masked(bytes: Uint8Array): number {
  const crc = crc32(bytes, 0x82f63b78);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
