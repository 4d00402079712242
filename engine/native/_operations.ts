import type { NativeBinding, OpAttribute } from "./_load_backend.ts";

/** An input of an operation: one tensor, or as many as the attribute `count` says; its type, if the attribute `type` says it. */
interface InputArgument {
  readonly type: string | undefined;
  readonly count: string | undefined;
}

/** Our operation of max_pool_gradient.cc. */
export const maxPoolGradient = "M2MMaxPoolGrad";

const known = new Map<string, InputArgument[]>();

/**
 * The attributes that an operation's inputs imply and its caller left out: types and counts. TensorFlow fills these in when it executes
 * an operation, but not in a graph.
 *
 * @param dtypes The inputs' types.
 */
export function impliedAttributes(
  op: string,
  given: readonly OpAttribute[],
  dtypes: readonly number[],
  binding: NativeBinding,
): OpAttribute[] {
  const args = known.get(op) ?? inputArguments(binding.operation!(op));
  known.set(op, args);
  const names = new Set(given.map(({ name }) => name));
  const implied: OpAttribute[] = [];
  let at = 0;
  for (const { type, count } of args) {
    const stated = given.find(({ name }) => name === count)?.value as number | undefined;
    const size = count === undefined ? 1 : stated ?? dtypes.length - (args.length - 1);
    const add = (name: string | undefined, attribute: Omit<OpAttribute, "name">) => {
      if (name === undefined || names.has(name)) return;
      names.add(name);
      implied.push({ name, ...attribute });
    };
    add(type, { type: binding.TF_ATTR_TYPE, value: dtypes[at] });
    add(count, { type: binding.TF_ATTR_INT, value: size });
    at += size;
  }
  return implied;
}

/** Whether TensorFlow knows an operation: one of ours is missing where the binding was built without it. */
export function hasOperation({ binding }: { readonly binding: NativeBinding }, op: string): boolean {
  try {
    return binding.operation!(op).length > 0;
  } catch {
    return false; // not known, or a binding that cannot be asked
  }
}

/** `input_arg` of an OpDef (tensorflow/core/framework/op_def.proto). */
function inputArguments(bytes: Uint8Array): InputArgument[] {
  const text = (field: Uint8Array | undefined) => field && new TextDecoder().decode(field);
  return fields(bytes).filter(([number]) => number === 2).map(([, content]) => {
    const parts = new Map(fields(content));
    return { type: text(parts.get(4)), count: text(parts.get(5)) };
  });
}

/** The fields of a protocol buffer that have a length; of the others, the numbers are skipped. */
function fields(bytes: Uint8Array): [number: number, content: Uint8Array][] {
  const found: [number, Uint8Array][] = [];
  let at = 0;
  const varint = () => {
    let value = 0, byte: number, shift = 1;
    do {
      byte = bytes[at++] as number;
      value += (byte & 127) * shift;
      shift *= 128;
    } while (byte >= 128);
    return value;
  };
  while (at < bytes.length) {
    const key = varint();
    const kind = key & 7;
    if (kind === 0) varint();
    else if (kind === 1) at += 8;
    else if (kind === 5) at += 4;
    else {
      const length = varint();
      found.push([key >> 3, bytes.subarray(at, at + length)]);
      at += length;
    }
  }
  return found;
}
