// Every comparison method keeps the contract, and is listed under its own name.
import { assertEquals } from "@std/assert";
import { methods } from "../../models/mod.ts";
import { methodContract } from "./_method_contract.ts";

for (const [name, definition] of Object.entries(methods)) {
  Deno.test(`${name} is listed under its own name`, () => assertEquals(definition.name, name));
  methodContract(definition);
}
