import { assertEquals, assertThrows } from "@std/assert";
import readExcel from "read-excel-file/node";
import { Buffer } from "node:buffer";
import { writeXlsx } from "../../data/xlsx_writer.ts";

Deno.test("writeXlsx: an independent reader reads back text, numbers, blanks, formulas and sheets", async () => {
  const bytes = writeXlsx([
    {
      name: "HS",
      rows: [['a <b> & "c"', 1, null, "x "], [], [null, { formula: "B1+1", value: 2 }, {
        formula: "B1",
        value: null,
      }]],
    },
    { name: "VIS & co", rows: [[{ formula: 'A1&"x"', value: "tex<t" }, -1.5]] },
  ]);
  assertEquals(JSON.parse(JSON.stringify(await readExcel(Buffer.from(bytes), { trim: false }))), [
    { sheet: "HS", data: [['a <b> & "c"', 1, null, "x "], [null, null, null, null], [null, 2, null, null]] },
    { sheet: "VIS & co", data: [["tex<t", -1.5]] },
  ]);
});

Deno.test("writeXlsx: columns beyond Z keep their place", async () => {
  const row = Array.from({ length: 60 }, (_, i) => i);
  const [sheet] = await readExcel(Buffer.from(writeXlsx([{ name: "S", rows: [row] }])));
  assertEquals(sheet!.data as unknown, [row]);
});

Deno.test("writeXlsx: the same sheets give the same bytes", () => {
  const sheets = [{ name: "S", rows: [["a", 1], ["b", null]] }];
  assertEquals(writeXlsx(sheets), writeXlsx(sheets));
});

Deno.test("writeXlsx: refuses no sheet, a bad name, a double name and a number that is not finite", () => {
  assertThrows(() => writeXlsx([]), RangeError, "at least one sheet");
  assertThrows(() => writeXlsx([{ name: "", rows: [] }]), RangeError, "1 to 31 characters");
  assertThrows(() => writeXlsx([{ name: "a", rows: [] }, { name: "A", rows: [] }]), RangeError, "same name");
  assertThrows(() => writeXlsx([{ name: "a", rows: [[NaN]] }]), RangeError, "finite");
});
