// Behaviours of the `jsr:` packages that the project relies on. They run against whatever deno.json resolves to: the real
// packages where JSR answers, the stand-ins elsewhere, so that a stand-in that differs fails on one of the two.
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertIsError,
  assertMatch,
  assertNotEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { parseArgs } from "@std/cli";
import { parse, stringify } from "@std/yaml";

Deno.test("assertEquals compares values deeply and strictly", () => {
  assertEquals({ a: [1, NaN, new Float32Array([1])] }, { a: [1, NaN, new Float32Array([1])] });
  for (const [a, b] of [[1, "1"], [[1, 2], [2, 1]], [{ a: undefined }, {}], [new Map([[1, 2]]), new Map()]]) {
    assertNotEquals(a, b);
    assertThrows(() => assertEquals(a, b));
  }
});

Deno.test("assertAlmostEquals allows 1e-7 of the expected value, or the given tolerance", () => {
  assertAlmostEquals(1000, 1000.00009);
  assertThrows(() => assertAlmostEquals(1000, 1000.00011));
  assertAlmostEquals(1, 1.1, 0.2);
  assertThrows(() => assertAlmostEquals(NaN, 1));
  assertThrows(() => assertAlmostEquals(1, NaN));
  assertAlmostEquals(Infinity, Infinity);
});

Deno.test("assertThrows and assertRejects ask for the class and the message, and give the error back", async () => {
  const error = assertThrows(() => JSON.parse("{"), SyntaxError);
  assertIsError(error, SyntaxError);
  assertThrows(() => assertThrows(() => {}));
  assertThrows(() => assertThrows(() => JSON.parse("{"), RangeError));
  assertThrows(() => assertIsError(new Error("one"), Error, "two"));
  assertEquals(
    (await assertRejects(() => Promise.reject(new TypeError("bad")), TypeError, "ba")).message,
    "bad",
  );
  await assertRejects(() => assertRejects(() => Promise.resolve(1)));
  assertThrows(() => assert(0));
  assertThrows(() => assertStringIncludes("abc", "d"));
  assertThrows(() => assertMatch("abc", /d/));
});

Deno.test("parseArgs gives flags, texts, numbers, repeated options and the rest", () => {
  const args = [
    "run",
    "a.yaml",
    "--json",
    "--out=7",
    "--jobs",
    "2",
    "--seed",
    "1",
    "--seed",
    "2",
    "-q",
    "--",
    "--x",
  ];
  const parsed = parseArgs(args, {
    boolean: ["json", "resume", "quiet"],
    string: ["out", "missing"],
    collect: ["seed", "none"],
    alias: { q: "quiet" },
  });
  const { _, json, resume, quiet, out, missing, jobs, seed, none } = parsed as Record<string, unknown>;
  assertEquals({ _, json, resume, quiet, out, missing, jobs, seed, none }, {
    _: ["run", "a.yaml", "--x"],
    json: true,
    resume: false,
    quiet: true,
    out: "7",
    missing: undefined,
    jobs: 2,
    seed: [1, 2],
    none: [],
  });
});

Deno.test("parseArgs takes the last value of an option that is not collected", () => {
  assertEquals(parseArgs(["--out", "a", "--out", "b"], { string: ["out"] }).out, "b");
});

Deno.test("parseArgs reports what is not defined, and leaves it out on false", () => {
  const seen: (string | undefined)[] = [];
  const parsed = parseArgs(["file", "--jsn", "--out", "x"], {
    string: ["out"],
    unknown: (arg: string, key?: string) => {
      seen.push(arg, key);
      return key === undefined;
    },
  });
  assertEquals(seen, ["file", undefined, "--jsn", "jsn"]);
  assertEquals(parsed._, ["file"]);
  assertEquals("jsn" in parsed, false);
});

Deno.test("YAML gives the values of the core schema, and null for an empty text", () => {
  const text =
    "a: 1\nb: 0.5\nc: 1e-3\nd: yes\ne: true\nf: ~\ng: [x, 'y']\nh: &h {i: 1}\nj: *h\n# a comment\n";
  assertEquals(parse(text), {
    a: 1,
    b: 0.5,
    c: 0.001,
    d: "yes",
    e: true,
    f: null,
    g: ["x", "y"],
    h: { i: 1 },
    j: { i: 1 },
  });
  assertEquals(parse(""), null);
});

Deno.test("YAML refuses a malformed text and a repeated key with a SyntaxError", () => {
  for (const text of ["a: [1", "a: 1\na: 2", "a: b: c", "---\na: 1\n---\nb: 2\n"]) {
    assertThrows(() => parse(text), SyntaxError);
  }
});

Deno.test("YAML text of values reads back to the same values", () => {
  const values = { name: "a: b", list: [1, 0.25, "1", "true", ""], deep: { none: null, yes: true } };
  assertEquals(parse(stringify(values)), values);
});
