import { assert, assertEquals, assertThrows } from "@std/assert";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { csvTable, latexRows, textTable } from "../../eval/mod.ts";

Deno.test("textTable lines up its columns and leaves no space at the end", () => {
  assertEquals(
    textTable(["", "UF1", "UAR"], [["L_c", "0.8 ± 0.1", "-"], ["all (Eq. 8)", "1", "0.75"]]),
    [
      "             UF1        UAR",
      "L_c          0.8 ± 0.1  -",
      "all (Eq. 8)  1          0.75",
      "",
    ].join("\n"),
  );
  assertThrows(
    () => textTable(["a"], [["1", "2"]]),
    RangeError,
    "1 cells as the head has, current number is 2",
  );
});

Deno.test("csvTable reads back with another program's rules", () => {
  const cell = fc.oneof(
    fc.string().filter((text) => !/[\r\n]/.test(text)),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
  );
  fc.assert(fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1 }), (rows) => {
    const read = parse(csvTable(["a", "b"], rows), { relax_column_count: false }) as string[][];
    assertEquals(read[0], ["a", "b"]);
    assertEquals(read.slice(1), rows.map((row) => row.map(String)));
  }));
  assertThrows(() => csvTable(["a"], [[NaN]]), RangeError, "must be finite");
  assertThrows(() => csvTable(["a"], [["x\ny"]]), RangeError, "no line end");
});

Deno.test("latexRows leaves nothing to be taken for a command", () => {
  const rows = latexRows(["a\nb"], [['50 % of $5 & {x}_1^2 ~ \\end #7 <|>" [t] *'], [
    "L_sam + L_t, not XL_s",
  ]]);
  assertEquals(
    rows,
    "% a b\n" +
      "50 \\% of \\$5 \\& \\{x\\}\\_1\\textasciicircum{}2 \\textasciitilde{} \\textbackslash{}end \\#7 \\textless{}\\textbar{}\\textgreater{}\\textquotedbl{} {[}t{]} {*} \\\\\n" +
      "$L_{sam}$ + $L_{t}$, not XL\\_s \\\\\n",
  );
  fc.assert(fc.property(fc.string(), (text) => {
    const [, line, ...rest] = latexRows(["a"], [[text]]).split("\n");
    assertEquals(rest, [""]);
    const plain = line!.slice(0, -3).replaceAll(
      /\\text[a-z]+\{\}|\\[&%$#_{}]|\{[[\]*]\}|\$L_\{[a-z]+\}\$|\$\\pm\$|\$-\$/g,
      "",
    );
    assert(!/[\\&%$#_{}~^]/.test(plain), line);
  }));
});
