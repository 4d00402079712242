import { type Code, i32, type Local, loop, type Routine, when } from "../../engine/assemble.ts";
import { endOfBlock, entryParts, firstBits, noCode, skipsAt, valuesAt } from "./_huffman.ts";

const n = i32.const;

/**
 * Lays the lists behind a table's codes. Values, of codes that fit into the first bits with their values: the bits of both (six bits), the run of zeros before it (from bit 8) and the value
 * (from bit 16); else 0. Skips, of all codes that fit, the last one's value apart: the bits of all with their values, and how many coefficients they are (from bit 8), `endOfBlock`
 * more if they end the block; 64 if none fits. Arguments: where the table is, and whether it wants skips.
 */
export const layLists: Routine = {
  parameters: ["i32", "i32"],
  body: (parameters, local) => {
    const [table, ac] = parameters as [Local, Local];
    const [bits, entry, left, used, run, size, value, list] = Array.from(
      { length: 8 },
      () => local("i32"),
    ) as [...[Local, Local, Local, Local], ...[Local, Local, Local, Local]];
    const lowBits = (count: Code) => i32.sub(i32.shl(n(1), count), n(1));
    const read = (place: Code): Code => [
      ...entry.set(i32.load(i32.add(table.get, i32.shl(place, n(2))))),
      ...run.set(i32.shiftRightSigned(entry.get, n(entryParts.run))), // negative for a longer code
      ...used.set(i32.and(entry.get, n(63))),
    ];
    const isCode = i32.and(i32.more(run.get, n(-1)), i32.isZero(i32.equal(run.get, n(noCode))));
    const values = loop(bits, n(0), n(1 << firstBits), 1, [
      ...read(bits.get),
      ...size.set(i32.sub(n(63), i32.and(i32.shiftRight(entry.get, n(entryParts.value)), n(63)))),
      ...value.set(i32.and(
        i32.shiftRight(bits.get, i32.sub(n(firstBits), used.get)),
        lowBits(size.get),
      )),
      // Those that begin with 0 are the complement of a negative value (T.81, EXTEND).
      ...value.set(i32.sub(
        value.get,
        i32.mul(
          i32.isZero(i32.and(i32.shiftRight(value.get, i32.sub(size.get, n(1))), n(1))),
          lowBits(size.get),
        ),
      )),
      ...i32.store(
        i32.add(table.get, i32.shl(bits.get, n(2))),
        i32.mul(
          i32.and(isCode, i32.less(used.get, n(firstBits + 1))),
          i32.or(i32.or(i32.shl(value.get, n(16)), i32.shl(run.get, n(8))), used.get),
        ),
        valuesAt,
      ),
    ]);
    // For every number of bits left from 1 a list, each of twice as many entries as the one before and behind it: the last is the table's.
    const skips = loop(left, n(1), n(firstBits + 1), 1, [
      ...list.set(i32.add(table.get, i32.shl(n(4), left.get))),
      ...loop(bits, n(0), i32.shl(n(1), left.get), 1, [
        ...read(i32.shl(bits.get, i32.sub(n(firstBits), left.get))),
        ...value.set(i32.shl(i32.equal(left.get, n(firstBits)), n(6 + 8))), // 64 where no code fits; 0 in what is made of it
        ...when(
          i32.and(
            isCode,
            i32.less(i32.and(i32.shiftRight(entry.get, n(entryParts.code)), n(63)), i32.add(left.get, n(1))),
          ),
          [
            ...value.set(i32.or(i32.shl(n(endOfBlock), n(8)), used.get)),
            ...when(i32.less(run.get, n(endOfBlock)), [
              ...value.set(i32.or(i32.shl(i32.add(run.get, n(1)), n(8)), used.get)),
              ...used.set(i32.sub(left.get, used.get)),
              ...when(i32.more(used.get, n(0)), [
                ...entry.set(i32.load(
                  i32.add(
                    table.get,
                    i32.shl(
                      i32.or(i32.and(bits.get, lowBits(used.get)), i32.shl(n(1), used.get)),
                      n(2),
                    ),
                  ),
                  listsAt,
                )),
                // Of 64 coefficients and more nobody knows where in the block they end.
                ...when(
                  i32.less(
                    i32.add(i32.and(value.get, n(0x7f00)), i32.and(entry.get, n(0x7f00))),
                    n(64 << 8),
                  ),
                  value.add(entry.get),
                ),
              ]),
            ]),
          ],
        ),
        ...i32.store(i32.add(list.get, i32.shl(bits.get, n(2))), value.get, listsAt),
      ]),
    ]);
    return [...values, ...when(ac.get, skips)];
  },
};

/** From the table: the list of `left` bits begins 4 << left behind it. */
const listsAt = skipsAt - (4 << firstBits);
