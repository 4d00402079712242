import type { NativeBinding, OpAttribute } from "./_load_backend.ts";

/** A tensor of known values within a graph. */
export interface ConstantValue {
  readonly dtype: number;
  readonly shape: readonly number[];
  readonly values: ArrayBufferView;
}

/** A node of a graph: an operation, its inputs (`name`, `name:1` for the second output, `^name` for what must have run before), its attributes. */
export interface GraphNode {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly string[];
  readonly attributes: readonly OpAttribute[];
  /** The value of a `Const`. */
  readonly value?: ConstantValue;
}

/**
 * The bytes of TensorFlow's `GraphDef` (tensorflow/core/framework/graph.proto and the files it names): protocol buffers, of which this
 * writes the few kinds of fields that are needed.
 */
export function graphDef(nodes: readonly GraphNode[], binding: NativeBinding): Uint8Array {
  const graph = new Message();
  for (const node of nodes) graph.message(1, nodeDef(node, binding));
  graph.message(4, new Message().integer(1, producer)); // VersionDef
  return graph.bytes();
}

/** TF_GRAPH_DEF_VERSION of TensorFlow 2.12: operations mean what they mean there. */
const producer = 1395;

function nodeDef({ name, op, inputs, attributes, value }: GraphNode, binding: NativeBinding): Message {
  const node = new Message().text(1, name).text(2, op);
  for (const input of inputs) node.text(3, input);
  const entry = (name: string, content: Message) =>
    node.message(5, new Message().text(1, name).message(2, content));
  for (const attribute of attributes) entry(attribute.name, attributeValue(attribute, binding));
  if (value !== undefined) {
    entry("dtype", new Message().integer(6, value.dtype));
    entry("value", new Message().message(8, tensorProto(value)));
  }
  return node;
}

/** AttrValue. */
function attributeValue({ type, value }: OpAttribute, binding: NativeBinding): Message {
  const list = Array.isArray(value);
  const within = new Message();
  const values = list ? value : [value];
  switch (type) {
    case binding.TF_ATTR_STRING:
      for (const text of values) within.text(2, text as string);
      break;
    case binding.TF_ATTR_INT:
      for (const integer of values) within.integer(3, integer as number);
      break;
    case binding.TF_ATTR_FLOAT:
      for (const number of values) within.float(4, number as number);
      break;
    case binding.TF_ATTR_BOOL:
      for (const truth of values) within.integer(5, truth ? 1 : 0);
      break;
    case binding.TF_ATTR_TYPE:
      for (const dtype of values) within.integer(6, dtype as number);
      break;
    case binding.TF_ATTR_SHAPE: // always an array, and one shape
      return within.message(7, shapeProto(value as number[]));
    default:
      throw new TypeError(`Cannot write a graph: an attribute has the unknown type ${type}`);
  }
  return list ? new Message().message(1, within) : within;
}

function tensorProto({ dtype, shape, values }: ConstantValue): Message {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return new Message().integer(1, dtype).message(2, shapeProto(shape)).binary(4, bytes);
}

function shapeProto(shape: readonly number[]): Message {
  const proto = new Message();
  for (const size of shape) proto.message(2, new Message().integer(1, size));
  return proto;
}

/** A protocol buffer under construction. */
class Message {
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  /** A varint; a negative number takes ten bytes, as int64 does. */
  integer(field: number, value: number): this {
    return this.#add(varint(field << 3), varint(value));
  }

  float(field: number, value: number): this {
    return this.#add(varint(field << 3 | 5), new Uint8Array(Float32Array.of(value).buffer));
  }

  text(field: number, value: string): this {
    return this.binary(field, new TextEncoder().encode(value));
  }

  binary(field: number, bytes: Uint8Array): this {
    return this.#add(varint(field << 3 | 2), varint(bytes.length), bytes);
  }

  message(field: number, { parts, length }: { parts: readonly Uint8Array[]; length: number }): this {
    return this.#add(varint(field << 3 | 2), varint(length), ...parts);
  }

  get parts(): readonly Uint8Array[] {
    return this.#parts;
  }

  get length(): number {
    return this.#length;
  }

  bytes(): Uint8Array {
    const bytes = new Uint8Array(this.#length);
    let at = 0;
    for (const part of this.#parts) {
      bytes.set(part, at);
      at += part.length;
    }
    return bytes;
  }

  #add(...parts: readonly Uint8Array[]): this {
    for (const part of parts) {
      this.#parts.push(part);
      this.#length += part.length;
    }
    return this;
  }
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest >= 128n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}
