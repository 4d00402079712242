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
  return Uint8Array.from(graph.bytes);
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

/** A protocol buffer under construction. A plain array: a graph has tens of thousands of them, most of a few bytes. */
class Message {
  readonly bytes: number[] = [];

  /** A varint; a negative number takes ten bytes, as int64 does. */
  integer(field: number, value: number): this {
    this.#varint(field << 3);
    if (value >= 0) this.#varint(value);
    else {
      let rest = BigInt.asUintN(64, BigInt(value));
      for (; rest >= 128n; rest >>= 7n) this.bytes.push(Number(rest & 127n) | 128);
      this.bytes.push(Number(rest));
    }
    return this;
  }

  float(field: number, value: number): this {
    this.#varint(field << 3 | 5);
    this.bytes.push(...new Uint8Array(Float32Array.of(value).buffer));
    return this;
  }

  /** A text of ASCII characters: names and values of TensorFlow's. */
  text(field: number, value: string): this {
    return this.binary(field, Array.from(value, (character) => character.charCodeAt(0)));
  }

  binary(field: number, content: ArrayLike<number>): this {
    this.#varint(field << 3 | 2);
    this.#varint(content.length);
    for (let i = 0; i < content.length; i++) this.bytes.push(content[i] as number);
    return this;
  }

  message(field: number, content: Message): this {
    return this.binary(field, content.bytes);
  }

  #varint(value: number): void {
    for (; value >= 128; value = Math.floor(value / 128)) this.bytes.push(value % 128 | 128);
    this.bytes.push(value);
  }
}
