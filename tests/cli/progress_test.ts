import { assertEquals } from "@std/assert";
import { Progress } from "../../commands/_progress.ts";

/** What `f` writes to standard error, which is a terminal meanwhile or none. */
function written(f: () => void, terminal = false): string {
  const { writeSync, isTerminal } = Deno.stderr;
  let text = "";
  Deno.stderr.writeSync = (bytes) => {
    text += new TextDecoder().decode(bytes);
    return bytes.length;
  };
  Deno.stderr.isTerminal = () => terminal;
  try {
    f();
  } finally {
    Object.assign(Deno.stderr, { writeSync, isTerminal });
  }
  return text;
}

Deno.test("Progress writes plain lines where there is no terminal, one for each job that is over", () => {
  const text = written(() => {
    const progress = new Progress(40);
    progress.line("casme2: 12 clips");
    progress.update("a", 5, "fold a step 5/10");
    progress.update("a", 10, "fold a step 10/10");
    progress.finish("a", 10, "fold a done in 1 s");
    progress.update("b", 10, "fold b step 10/30");
    progress.finish("b", 30, "fold b failed: the disk is full");
    progress.end();
  });
  const lines = text.split("\n");
  assertEquals(lines.length, 4);
  assertEquals(lines[0], "casme2: 12 clips");
  assertEquals(/^fold a done in 1 s {2}\( 25 %, \d+ s left\)$/.test(lines[1]!), true, lines[1]);
  assertEquals(lines[2], "fold b failed: the disk is full  (100 %, done)");
  assertEquals(text.includes("\r") || text.includes("\x1b"), false);
});

Deno.test("Progress writes nothing where it is to be quiet", () => {
  const text = written(() => {
    const progress = new Progress(2, { quiet: true });
    progress.line("x");
    progress.update("a", 1, "y");
    progress.finish("a", 2, "z");
    progress.end();
  });
  assertEquals(text, "");
});

Deno.test("Progress draws its bar over itself on a terminal, and none before it knows what there is to do", () => {
  const text = written(() => {
    new Progress(0).line("decoding");
    const progress = new Progress(4);
    progress.finish("a", 2, "a done");
    progress.update("b", 1, "b step 1/2");
    progress.end();
  }, true);
  assertEquals(
    text.replaceAll("\r\x1b[2K", "<").replaceAll(/\d+ s left/g, "LEFT"),
    [
      "<decoding\n",
      "<a done  ( 50 %, LEFT)\n[============            ]  50 % LEFT",
      "<[==================      ]  75 % LEFT b step 1/2",
      "<",
    ].join(""),
  );
});

Deno.test("Progress counts half-done jobs and never more than everything", () => {
  const text = written(() => {
    const progress = new Progress(10);
    progress.update("b", 4, "");
    progress.finish("a", 5, "a"); // 5 done and 4 of b
    progress.finish("b", 50, "b");
  });
  assertEquals(text.split("\n").map((line) => /\(([ \d]+) %/.exec(line)?.[1]?.trim()), [
    "90",
    "100",
    undefined,
  ]);
});
