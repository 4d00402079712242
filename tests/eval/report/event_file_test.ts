// Event files read back by a reader that shares nothing with the writer, and by TensorBoard itself where it is installed.
import { assertAlmostEquals, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { crc32 } from "../../../eval/_crc.ts";
import { eventFile, type ScalarPoint } from "../../../eval/report/mod.ts";

const points: ScalarPoint[] = [
  { step: 1, tag: "micro/expression", value: 1.5 },
  { step: 1, tag: "micro/accuracy", value: 0.25 },
  { step: 300, tag: "micro/expression", value: -7.25e-3 },
  { step: 70000, tag: "guided/L_sam, über", value: 3e6 },
];

Deno.test("crc32() gives the check values of the catalogue of CRCs and of RFC 3720", () => {
  const digits = new TextEncoder().encode("123456789");
  assertEquals(crc32(digits, 0xedb88320), 0xcbf43926);
  assertEquals(crc32(digits, 0x82f63b78), 0xe3069283);
  assertEquals(crc32(new Uint8Array(32), 0x82f63b78), 0x8a9136aa);
  assertEquals(crc32(new Uint8Array(32).fill(0xff), 0x82f63b78), 0x62a8ab43);
  assertEquals(crc32(Uint8Array.from({ length: 32 }, (_, i) => i), 0x82f63b78), 0x46dd794e);
});

/** CRC32C bit by bit, then TFRecord's mask, as its documentation has it. */
function maskedCrc(bytes: Uint8Array): number {
  let crc = 0xffffffffn;
  for (const byte of bytes) {
    crc ^= BigInt(byte);
    for (let i = 0; i < 8; i++) crc = crc & 1n ? (crc >> 1n) ^ 0x82f63b78n : crc >> 1n;
  }
  crc ^= 0xffffffffn;
  return Number((((crc >> 15n) | (crc << 17n)) + 0xa282ead8n) & 0xffffffffn);
}

/** The fields of a protobuf message: number, and bytes or number. */
function fields(bytes: Uint8Array): [number, number | Uint8Array][] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length),
    found: [number, number | Uint8Array][] = [];
  let at = 0;
  const varint = () => {
    let value = 0, factor = 1;
    for (;;) {
      const byte = bytes[at++]!;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 128;
    }
  };
  while (at < bytes.length) {
    const key = varint(), number = key >> 3;
    if ((key & 7) === 0) found.push([number, varint()]);
    else if ((key & 7) === 1) found.push([number, view.getFloat64((at += 8) - 8, true)]);
    else if ((key & 7) === 5) found.push([number, view.getFloat32((at += 4) - 4, true)]);
    else {
      const length = varint();
      found.push([number, bytes.subarray(at, at += length)]);
    }
  }
  return found;
}

Deno.test("eventFile() is a sequence of sound TFRecords that hold the version and every scalar", () => {
  const bytes = eventFile(points, { wallTime: 12.5 });
  const view = new DataView(bytes.buffer), events: [number, number | Uint8Array][][] = [];
  for (let at = 0; at < bytes.length;) {
    const length = Number(view.getBigUint64(at, true));
    assertEquals(view.getUint32(at + 8, true), maskedCrc(bytes.subarray(at, at + 8)));
    const data = bytes.subarray(at + 12, at + 12 + length);
    assertEquals(view.getUint32(at + 12 + length, true), maskedCrc(data));
    events.push(fields(data));
    at += 16 + length;
  }
  const text = (bytes: unknown) => new TextDecoder().decode(bytes as Uint8Array);
  assertEquals(
    events[0]!.map(([number, value]) =>
      value instanceof Uint8Array ? [number, text(value)] : [number, value]
    ),
    [
      [1, 12.5],
      [2, 0],
      [3, "brain.Event:2"],
    ],
  );
  const scalars = events.slice(1).flatMap((event) => {
    assertEquals(event.map(([number]) => number), [1, 2, 5]);
    const [, [, step], [, summary]] = event as [unknown, [number, number], [number, Uint8Array]];
    return fields(summary).map(([number, value]) => {
      const [[, tag], [, scalar]] = fields(value as Uint8Array) as [[number, Uint8Array], [number, number]];
      assertEquals(number, 1);
      return { step, tag: text(tag), value: scalar };
    });
  });
  assertEquals(scalars, points.map((point) => ({ ...point, value: Math.fround(point.value) })));
});

/** A Python with TensorBoard, where there is one. */
const python = Deno.env.get("M2M_PYTHON") || "python3";
const hasTensorboard = await new Deno.Command(python, {
  args: ["-c", "import tensorboard"],
  stdout: "null",
  stderr: "null",
}).output().then(({ success }) => success, () => false);

Deno.test({
  name: `TensorBoard lists the scalars of an event file${
    hasTensorboard ? "" : " (skipped: no Python with tensorboard; M2M_PYTHON names one)"
  }`,
  ignore: !hasTensorboard,
  fn: async () => {
    const folder = await Deno.makeTempDir();
    try {
      await Deno.writeFile(`${folder}/events.out.tfevents.0.m2m`, eventFile(points));
      const { stdout, stderr, success } = await new Deno.Command(python, {
        args: [fileURLToPath(new URL("./read_events.py", import.meta.url)), folder],
      }).output();
      assertEquals(success, true, new TextDecoder().decode(stderr));
      const read = JSON.parse(new TextDecoder().decode(stdout)) as Record<string, [number, number][]>;
      assertEquals(Object.keys(read).sort(), [...new Set(points.map(({ tag }) => tag))].sort());
      for (const { step, tag, value } of points) {
        const [, found] = read[tag]!.find(([s]) => s === step)!;
        assertAlmostEquals(found, value, Math.abs(value) * 1e-6);
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
