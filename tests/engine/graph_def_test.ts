import { assertEquals } from "@std/assert";
import { graphDef } from "../../engine/native/_graph_def.ts";
import type { NativeBinding } from "../../engine/native/_load_backend.ts";

const types = { STRING: 0, INT: 1, FLOAT: 2, BOOL: 3, TYPE: 4, SHAPE: 5 };
const binding = Object.fromEntries(
  Object.entries(types).map(([name, value]) => [`TF_ATTR_${name}`, value]),
) as unknown as NativeBinding;

/** Worked out by hand from graph.proto, node_def.proto, attr_value.proto and tensor.proto; TensorFlow itself reads such graphs in training_step_test.ts. */
const expected = [
  // node { name: "k" op: "Const" attr { dtype: DT_INT32 } attr { value { DT_INT32, [2], "\1\0\0\0\2\0\0\0" } } }
  "0a36" + "0a016b" + "1205436f6e7374" + "2a0b" + "0a056474797065" + "1202" + "3003" +
  "2a1d" + "0a0576616c7565" + "1214" + "4212" + "0803" + "1204" + "12020802" + "2208" + "0100000002000000",
].join("");

Deno.test("graphDef writes a constant as protocol buffers say", () => {
  const bytes = graphDef([{
    name: "k",
    op: "Const",
    inputs: [],
    attributes: [],
    value: { dtype: 3, shape: [2], values: Int32Array.of(1, 2) },
  }], binding);
  assertEquals(hex(bytes), expected + "2203" + "08f30a"); // versions { producer: 1395 }
});

Deno.test("graphDef writes each kind of attribute", () => {
  const attribute = (type: keyof typeof types, value: unknown) =>
    hex(graphDef([{
      name: "",
      op: "",
      inputs: [],
      attributes: [{ name: "a", type: types[type], value }],
    }], binding)).split("0a0161")[1]?.replace(/220308f30a$/, "");
  assertEquals(attribute("INT", -1), "120b" + "18" + "ffffffffffffffffff01");
  assertEquals(attribute("INT", [1, 300]), "1207" + "0a05" + "1801" + "18ac02");
  assertEquals(attribute("FLOAT", 1.5), "1205" + "25" + "0000c03f");
  assertEquals(attribute("BOOL", true), "1202" + "2801");
  assertEquals(attribute("TYPE", 1), "1202" + "3001");
  assertEquals(attribute("STRING", "NHWC"), "1206" + "1204" + "4e485743");
  assertEquals(attribute("SHAPE", [3, 5]), "120a" + "3a08" + "12020803" + "12020805");
});

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
