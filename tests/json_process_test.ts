// Processes of ours that answer in lines of JSON: what they leave unread, how they end, and one that cannot begin.
import { assertEquals, assertThrows } from "@std/assert";
import { JsonProcess } from "../json_process.ts";
import { UserError } from "../types.ts";

/** A module that runs this. */
function moduleOf(code: string): URL {
  return new URL(`data:application/javascript,${encodeURIComponent(code)}`);
}

const untilItsInputEnds = "for await (const _ of Deno.stdin.readable);";

Deno.test("a process whose answers nobody has read ends all the same", async () => {
  const child = new JsonProcess(moduleOf(`
    const line = JSON.stringify({ type: "long", text: "a".repeat(1 << 20) }) + "\\n"; // more than a pipe holds
    await new Response(line).body.pipeTo(Deno.stdout.writable, { preventClose: true });
    ${untilItsInputEnds}
  `));
  assertEquals(await child.end(), { how: "with exit code 0", last: [] });
  assertEquals(await child.next(), undefined);
});

Deno.test("how a process ended, and its last words on standard error", async () => {
  const child = new JsonProcess<{ type: string }>(moduleOf(`
    console.log("no message");
    console.log('{"type":"first"}');
    console.error("one\\n\\ntwo");
    Deno.exit(3);
  `));
  assertEquals(await child.next(), { type: "first" });
  assertEquals(await child.next(), undefined);
  assertEquals(await child.end(), { how: "with exit code 3", last: ["one", "two"] });
  assertEquals((await child.end()).how, "with exit code 3"); // twice does no harm
});

Deno.test("a process that cannot begin is told of in a sentence", () => {
  assertThrows(
    () => new JsonProcess(moduleOf(""), { args: ["no\0argument"] }),
    UserError,
    "Cannot start a further process: ",
  );
});
