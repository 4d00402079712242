import { assertEquals, assertThrows } from "@std/assert";
import { readSafetensors, writeSafetensors } from "../../models/mod.ts";
import { UserError } from "../../types.ts";

/** A file by hand: header text and body bytes. */
function file(header: unknown, body: number[] = []): Uint8Array {
  const json = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + json.length + body.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  bytes.set(body, 8 + json.length);
  return bytes;
}

Deno.test("writeSafetensors writes the format's bytes", () => {
  const bytes = writeSafetensors({ a: { shape: [1, 1], data: new Float32Array([1]) } });
  const header = '{"a":{"dtype":"F32","shape":[1,1],"data_offsets":[0,4]}}';
  assertEquals(new DataView(bytes.buffer).getBigUint64(0, true), 56n); // a multiple of 8
  assertEquals(new TextDecoder().decode(bytes.subarray(8, 64)), header);
  assertEquals([...bytes.subarray(64)], [0, 0, 128, 63]); // 1 as a little-endian float32
});

Deno.test("readSafetensors gives back what was written, wide types first", () => {
  const tensors = {
    small: { shape: [3], data: new Uint8Array([1, 2, 3]) },
    count: { shape: [], data: new BigInt64Array([7n]) },
    wide: { shape: [2], data: new Float64Array([0.1, -2]) },
    none: { shape: [0, 4], data: new Float32Array(0) },
  };
  const { tensors: read, metadata } = readSafetensors(writeSafetensors(tensors, { epoch: "3" }));
  assertEquals(metadata, { epoch: "3" });
  assertEquals([...read.keys()], ["count", "wide", "none", "small"]);
  for (const [name, { shape, data }] of Object.entries(tensors)) {
    assertEquals(read.get(name)?.shape, shape);
    assertEquals(read.get(name)?.data, data);
  }
});

Deno.test("readSafetensors reads half and brain floats", () => {
  const entry = (dtype: string, n: number) => ({ dtype, shape: [n], data_offsets: [0, 2 * n] });
  // half: 1, -2, the smallest subnormal, infinity; brain: 1, -2
  const half = file({ x: entry("F16", 4) }, [0x00, 0x3c, 0x00, 0xc0, 0x01, 0x00, 0x00, 0x7c]);
  assertEquals(readSafetensors(half).tensors.get("x")?.data, new Float32Array([1, -2, 2 ** -24, Infinity]));
  const brain = file({ x: entry("BF16", 2) }, [0x80, 0x3f, 0x00, 0xc0]);
  assertEquals(readSafetensors(brain).tensors.get("x")?.data, new Float32Array([1, -2]));
});

Deno.test("readSafetensors refuses damaged files with one sentence", () => {
  const tensor = (more: Record<string, unknown>) => ({
    x: { dtype: "F32", shape: [2], data_offsets: [0, 8], ...more },
  });
  const cases: [Uint8Array, string][] = [
    [new Uint8Array(3), "it has 3 bytes, fewer than the 8 that tell the header's length"],
    [
      file({}).fill(255, 0, 8),
      "its header should have 18446744073709552000 bytes but only 2 follow, so it is truncated or no safetensors file",
    ],
    [file("{nonsense"), "its header is not a JSON object"],
    [file("[1]"), "its header is not a JSON object"],
    [file({ x: 5 }), "the header's entry for x lacks a valid dtype, shape or data_offsets"],
    [file(tensor({ shape: [-2] })), "the header's entry for x lacks a valid dtype, shape or data_offsets"],
    [
      file(tensor({ dtype: "F4" })),
      "tensor x has type F4, which is not one of F64, F32, F16, BF16, I64, U64, I32, U32, I16, U16, I8, U8, BOOL",
    ],
    [file(tensor({ shape: [3] })), "tensor x of shape [3] needs 12 bytes but its offsets hold 8"],
    [file(tensor({}), [0, 0, 0, 0]), "tensor x ends at byte 8 of 4, so the file is truncated"],
  ];
  for (const [bytes, why] of cases) {
    assertThrows(
      () => readSafetensors(bytes, { file: "w.safetensors" }),
      UserError,
      `Cannot read w.safetensors: ${why}; fetch or save the file again.`,
    );
  }
});

Deno.test("writeSafetensors refuses a shape that does not fit", () => {
  assertThrows(
    () => writeSafetensors({ a: { shape: [2, 2], data: new Float32Array(3) } }),
    RangeError,
    "Cannot write tensor a: shape [2,2] needs 4 values, current data has 3",
  );
});
