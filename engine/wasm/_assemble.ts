/**
 * Just enough of an assembler for the SIMD routines of `_routines.ts`: functions of i32 and f32 parameters over the
 * heap of tfjs's wasm backend, with counted loops. Code is a list of bytes; an expression is code that leaves a value.
 */
export type Code = readonly number[];

/** The types of locals, as WebAssembly encodes them. */
export const types = { i32: 0x7f, i64: 0x7e, f32: 0x7d, v128: 0x7b } as const;

/** A parameter or local variable. */
export interface Local {
  /** Its value. */
  readonly get: Code;
  /** Sets it to an expression's value. */
  set(value: Code): Code;
  /** Adds to an i32. */
  add(value: Code): Code;
}

/** An exported function: parameters by name, then the body made from them and from fresh locals. */
export interface Routine {
  readonly parameters: readonly (keyof typeof types)[];
  readonly body: (parameters: Local[], local: (type: keyof typeof types) => Local) => Code;
}

/** LEB128, signed. */
function signed(value: number): number[] {
  const bytes: number[] = [];
  for (;;) {
    const byte = value & 0x7f;
    value >>= 7;
    if ((value === 0 && !(byte & 0x40)) || (value === -1 && byte & 0x40)) return [...bytes, byte];
    bytes.push(byte | 0x80);
  }
}

/** LEB128, unsigned. */
function unsigned(value: number): number[] {
  const bytes: number[] = [];
  for (; value > 0x7f; value >>>= 7) bytes.push((value & 0x7f) | 0x80);
  return [...bytes, value];
}

const memory = (align: number, offset: number) => [...unsigned(align), ...unsigned(offset)];
const simd = (opcode: number) => [0xfd, ...unsigned(opcode)];
const binary = (opcode: readonly number[]) => (a: Code, b: Code): Code => [...a, ...b, ...opcode];
const unary = (opcode: readonly number[]) => (a: Code): Code => [...a, ...opcode];

const bytesOf = (value: number) => new Uint8Array(new Float32Array([value]).buffer);

/** One float. */
export const f32 = {
  const: (value: number): Code => [0x43, ...bytesOf(value)],
  add: binary([0x92]),
  sub: binary([0x93]),
  mul: binary([0x94]),
  div: binary([0x95]),
  min: binary([0x96]),
  max: binary([0x97]),
  floor: unary([0x8e]),
  /** A signed i32 as a float. */
  from: unary([0xb2]),
  load: (address: Code, offset = 0): Code => [...address, 0x2a, ...memory(2, offset)],
  store: (address: Code, value: Code, offset = 0): Code => [...address, ...value, 0x38, ...memory(2, offset)],
};

/** i32 arithmetic and memory; addresses are byte addresses. */
export const i32 = {
  const: (value: number): Code => [0x41, ...signed(value)],
  load: (address: Code, offset = 0): Code => [...address, 0x28, ...memory(2, offset)],
  /** One byte, 0..255. */
  load8: (address: Code, offset = 0): Code => [...address, 0x2d, ...memory(0, offset)],
  add: binary([0x6a]),
  sub: binary([0x6b]),
  mul: binary([0x6c]),
  shl: binary([0x74]),
  shiftRight: binary([0x76]),
  shiftRightSigned: binary([0x75]),
  store: (address: Code, value: Code, offset = 0): Code => [...address, ...value, 0x36, ...memory(2, offset)],
  /** The low 16 bits. */
  store16: (
    address: Code,
    value: Code,
    offset = 0,
  ): Code => [...address, ...value, 0x3b, ...memory(1, offset)],
  loadUint8: (address: Code, offset = 0): Code => [...address, 0x2d, ...memory(0, offset)],
  loadUint16: (address: Code, offset = 0): Code => [...address, 0x2f, ...memory(1, offset)],
  and: binary([0x71]),
  or: binary([0x72]),
  xor: binary([0x73]),
  /** 1 or 0. */
  isZero: unary([0x45]),
  equal: binary([0x46]),
  less: binary([0x48]),
  more: binary([0x4a]),
  atLeast: binary([0x4e]),
  /** How many zeros there are below the lowest bit that is set. */
  trailingZeros: unary([0x68]),
  /** A float without its fraction; a NaN is 0, what is out of range the nearest end. */
  truncate: unary([0xfc, 0]),
};

/** 64 bits at once, for streams of bits; shifts take the low six bits of their second argument. */
export const i64 = {
  load: (address: Code, offset = 0): Code => [...address, 0x29, ...memory(0, offset)],
  /** Four bytes of memory without a sign. */
  loadUint32: (address: Code, offset = 0): Code => [...address, 0x35, ...memory(2, offset)],
  /** An i32 without a sign. */
  from: unary([0xad]),
  /** The low half. */
  low: unary([0xa7]),
  const: (value: number): Code => [0x42, ...signed(value)],
  or: binary([0x84]),
  xor: binary([0x85]),
  shl: binary([0x86]),
  shiftRightSigned: binary([0x87]),
  shiftRight: binary([0x88]),
};

/** Sixteen bytes at once. */
export const u8x16 = {
  const: (lanes: readonly number[]): Code => [...simd(12), ...lanes],
  /** Byte i of the result is that of `a` which byte i of `lanes` numbers; 0 where it numbers none (set its top bit). */
  swizzle: binary(simd(0x0e)),
  or: binary(simd(0x50)),
  splat: unary(simd(0x0f)),
  load: (address: Code, offset = 0): Code => [...address, ...simd(0), ...memory(0, offset)],
  /** Four bytes of memory, the others 0. */
  loadFour: (address: Code, offset = 0): Code => [...address, ...simd(0x5c), ...memory(2, offset)],
  store: (address: Code, value: Code, offset = 0): Code => [
    ...[...address, ...value, ...simd(11)],
    ...memory(0, offset),
  ],
  /** Eight bytes of memory from half 0 or 1. */
  storeHalf: (address: Code, value: Code, half: 0 | 1, offset = 0): Code => [
    ...[...address, ...value, ...simd(0x5b)],
    ...[...memory(0, offset), half],
  ],
  add: binary(simd(0x6e)),
  /** All ones where bytes are equal. */
  equal: binary(simd(0x23)),
  /** The top bit of each lane, as an i32. */
  topBits: unary(simd(0x64)),
  /** Two times eight 16-bit numbers; what is out of 0..255 is the nearest end. */
  from: binary(simd(0x66)),
  /** The same for -128..127. */
  fromSigned: binary(simd(0x65)),
  /** Lanes 0..15 of `a` are 0..15, of `b` 16..31. */
  shuffle: (a: Code, b: Code, lanes: readonly number[]): Code => [...a, ...b, ...simd(13), ...lanes],
};

/** Eight 16-bit numbers at once. */
export const i16x8 = {
  const: (lanes: readonly number[]): Code => [
    ...simd(12),
    ...lanes.flatMap((x) => [x & 255, (x >> 8) & 255]),
  ],
  splat: unary(simd(0x10)),
  /** Eight bytes of memory, 0..255 each. */
  loadBytes: (address: Code, offset = 0): Code => [...address, ...simd(2), ...memory(0, offset)],
  load: (address: Code, offset = 0): Code => [...address, ...simd(0), ...memory(1, offset)],
  store: (address: Code, value: Code, offset = 0): Code => [
    ...[...address, ...value, ...simd(11)],
    ...memory(1, offset),
  ],
  add: binary(simd(0x8e)),
  sub: binary(simd(0x91)),
  /** (a b + 2^14) / 2^15, rounded down. */
  multiplyRounded: binary(simd(0x82)),
  shl: (a: Code, bits: number): Code => [...a, ...i32.const(bits), ...simd(0x8b)],
  shiftRight: (a: Code, bits: number): Code => [...a, ...i32.const(bits), ...simd(0x8c)],
  /** The low and the high eight bytes, 0..255 each. */
  low: unary(simd(0x89)),
  high: unary(simd(0x8a)),
  /** Two times four 32-bit numbers; what is out of range is the nearest end. */
  from: binary(simd(0x85)),
};

/** Four 32-bit numbers at once. */
export const i32x4 = {
  splat: (value: number): Code => [
    ...simd(12),
    ...[value, value, value, value].flatMap((x) => [...new Uint8Array(new Int32Array([x]).buffer)]),
  ],
  /** The low and the high four of eight 16-bit numbers without a sign. */
  low: unary(simd(0xa9)),
  high: unary(simd(0xaa)),
  /** The same with their signs. */
  lowSigned: unary(simd(0xa7)),
  highSigned: unary(simd(0xa8)),
  shl: (a: Code, bits: number): Code => [...a, ...i32.const(bits), ...simd(0xab)],
  add: binary(simd(0xae)),
  sub: binary(simd(0xb1)),
  mul: binary(simd(0xb5)),
  /** Four bytes of memory in all lanes. */
  loadSplat: (address: Code, offset = 0): Code => [...address, ...simd(9), ...memory(2, offset)],
  /** The first lane. */
  first: (a: Code): Code => [...a, ...simd(0x1b), 0],
  shiftRight: (a: Code, bits: number): Code => [...a, ...i32.const(bits), ...simd(0xac)],
  /** Four floats without their fractions; what is out of range is the nearest end. */
  truncate: unary(simd(0xf8)),
  /** Neighbouring 16-bit lanes, each multiplied with its own of `b`, added in pairs. */
  dot: binary(simd(0xba)),
  /** An i32 four times. */
  fill: unary(simd(0x11)),
  load: (address: Code, offset = 0): Code => [...address, ...simd(0), ...memory(2, offset)],
  store: (address: Code, value: Code, offset = 0): Code => [
    ...[...address, ...value, ...simd(11)],
    ...memory(2, offset),
  ],
  /** All bits of a lane where a > b, none elsewhere. */
  more: binary(simd(0x3b)),
  /** The low and the high four of eight 16-bit numbers without a sign, multiplied. */
  multiplyLow: binary(simd(0xbe)),
  multiplyHigh: binary(simd(0xbf)),
};

/** Four floats at once. */
export const f32x4 = {
  zero: [...simd(12), ...new Array(16).fill(0)] as Code,
  const: (
    lanes: readonly [number, number, number, number],
  ): Code => [...simd(12), ...lanes.flatMap((x) => [...bytesOf(x)])],
  /** One lane as a float. */
  lane: (a: Code, lane: 0 | 1 | 2 | 3): Code => [...a, ...simd(0x1f), lane],
  load: (address: Code, offset = 0): Code => [...address, ...simd(0), ...memory(2, offset)],
  loadSplat: (address: Code, offset = 0): Code => [...address, ...simd(9), ...memory(2, offset)],
  store: (
    address: Code,
    value: Code,
    offset = 0,
  ): Code => [...address, ...value, ...simd(11), ...memory(2, offset)],
  splat: unary(simd(0x13)),
  /** Four signed 32-bit numbers as floats. */
  from: unary(simd(0xfa)),
  add: binary(simd(0xe4)),
  sub: binary(simd(0xe5)),
  mul: binary(simd(0xe6)),
  div: binary(simd(0xe7)),
  max: binary(simd(0xe9)),
  /** The smaller of two numbers by one machine instruction; not for NaN. */
  pseudoMin: binary(simd(0xea)),
  /** The larger of two numbers by one machine instruction; not for NaN. */
  pseudoMax: binary(simd(0xeb)),
  equal: binary(simd(0x41)),
  /** All bits of a lane where a >= b, none elsewhere. */
  atLeast: binary(simd(0x46)),
  and: binary(simd(0x4e)),
  /** The bits of `a` where those of `b` are 0. */
  andNot: binary(simd(0x4f)),
  sqrt: unary(simd(0xe3)),
  /** Lanes 0..3 of `a` are 0..3, of `b` 4..7. */
  shuffle: (a: Code, b: Code, lanes: readonly [number, number, number, number]): Code => [
    ...a,
    ...b,
    ...simd(13),
    ...lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => lane * 4 + byte)),
  ],
};

/** Sixteen bytes at once. */
export const i8x16 = {
  splat: (value: number): Code => [...simd(12), ...new Array(16).fill(value)],
  /** All bits of a byte where a >= b as unsigned numbers, none elsewhere. */
  atLeast: binary(simd(0x2c)),
  and: binary(simd(0x4e)),
  or: binary(simd(0x50)),
  /** Sixteen lanes of four masks (all bits or none), four lanes each, in order. */
  fromMasks: (a: Code, b: Code, c: Code, d: Code): Code => [
    ...[...a, ...b, ...simd(0x85)], // 32 to 16 bits, signed: a mask stays a mask
    ...[...c, ...d, ...simd(0x85)],
    ...simd(0x65), // 16 to 8 bits
  ],
};

/** Four bytes of memory as four floats, and back. */
export const u8x4 = {
  /** 0..255 each. */
  load: (address: Code, offset = 0): Code => [
    ...[...address, ...simd(0x5c), ...memory(2, offset)], // four bytes, the others 0
    ...[...simd(0x89), ...simd(0xa9), ...simd(0xfa)], // to 16 bits, to 32 bits, to floats
  ],
  /** Without their fractions; what is out of range is the nearest end. */
  store: (address: Code, value: Code, offset = 0): Code => [
    ...address,
    ...[...value, ...simd(0xf8), ...f32x4.zero, ...simd(0x86), ...f32x4.zero, ...simd(0x66)], // to 32, 16 and 8 bits
    ...[...simd(0x1b), 0, 0x36, ...memory(2, offset)],
  ],
};

/** a * b + c in four lanes: fused where the runtime has relaxed SIMD, which doubles the speed; else in two steps. */
export function multiplyAdd(fused: boolean): (a: Code, b: Code, c: Code) => Code {
  if (fused) return (a, b, c) => [...a, ...b, ...c, ...simd(0x105)];
  return (a, b, c) => f32x4.add(f32x4.mul(a, b), c);
}

/** for (i = from; i < to; i += step) body. The comparison is signed: count bytes or rows, never addresses, which pass 2^31. */
export function loop(i: Local, from: Code, to: Code, step: number | Code, body: Code): Code {
  const by = typeof step === "number" ? i32.const(step) : step;
  const test = [...i.get, ...to, 0x48]; // i < to, signed
  // if (i < to) do { body; i += step } while (i < to)
  return [
    ...i.set(from),
    ...test,
    0x04,
    0x40,
    0x03,
    0x40,
    ...body,
    ...i.add(by),
    ...test,
    0x0d,
    0,
    0x0b,
    0x0b,
  ];
}

/** do body while (condition) */
export function repeat(body: Code, condition: Code): Code {
  return [0x03, 0x40, ...body, ...condition, 0x0d, 0, 0x0b];
}

/** Copies bytes; the regions must not overlap. */
export function copy(to: Code, from: Code, bytes: Code): Code {
  return [...to, ...from, ...bytes, 0xfc, 10, 0, 0];
}

/** Sets bytes to 0. */
export function clear(at: Code, bytes: Code): Code {
  return [...at, ...i32.const(0), ...bytes, 0xfc, 11, 0];
}

/** if (condition) then */
export function when(condition: Code, then: Code): Code {
  return [...condition, 0x04, 0x40, ...then, 0x0b];
}

/**
 * A module that imports `env.memory` and exports the routines.
 *
 * @param pages The size of the memory, where it is fixed: what is known of it need not be checked at every access.
 */
export function assemble(
  routines: Readonly<Record<string, Routine>>,
  pages?: number,
): Uint8Array<ArrayBuffer> {
  const list = Object.entries(routines);
  const text = (s: string) => [...unsigned(s.length), ...new TextEncoder().encode(s)];
  const vector = (items: readonly Code[]) => [...unsigned(items.length), ...items.flat()];
  const section = (id: number, content: Code) => [id, ...unsigned(content.length), ...content];
  const codes = list.map(([, routine]) => functionCode(routine));
  const limits = pages === undefined ? [0, 0] : [1, ...unsigned(pages), ...unsigned(pages)];
  return new Uint8Array([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(
      1,
      vector(list.map(([, { parameters }]) => [0x60, ...vector(parameters.map((t) => [types[t]])), 0])),
    ),
    ...section(2, vector([[...text("env"), ...text("memory"), 2, ...limits]])),
    ...section(3, vector(list.map((_, i) => unsigned(i)))),
    ...section(7, vector(list.map(([name], i) => [...text(name), 0, ...unsigned(i)]))),
    ...section(10, vector(codes)),
  ]);
}

function functionCode({ parameters, body }: Routine): number[] {
  const locals: (keyof typeof types)[] = [];
  const at = (index: number): Local => {
    const get = [0x20, ...unsigned(index)];
    const set = (value: Code) => [...value, 0x21, ...unsigned(index)];
    return { get, set, add: (value) => set(i32.add(get, value)) };
  };
  const code = body(
    parameters.map((_, i) => at(i)),
    (type) => at(parameters.length + locals.push(type) - 1),
  );
  const declared = locals.flatMap((type) => [1, types[type]]);
  const content = [...unsigned(locals.length), ...declared, ...code, 0x0b];
  return [...unsigned(content.length), ...content];
}
