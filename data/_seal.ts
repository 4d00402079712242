/**
 * A seal of a table: up to 24 sums over all of its rows, from which no row can be read, but which tell a true copy from an altered one and, where
 * no more than eleven rows differ (one less than half of the sums), which these are and what they were. It is the error correction of Reed and Solomon (1960) with
 * rows for symbols: row i has a place x_i (its name as a number) and a content v_i, the seal is S_j = sum over i of v_i x_i^j, and the
 * seal of the difference of two tables is a linear recurrence as long as the number of rows that differ.
 *
 * So the package can know the genuine tables without holding any of them, as their licences ask. A sum has 127 bits: a seal must have fewer
 * bits than the content of the table, or it would determine it; small contents have short seals.
 */

/** All arithmetic is in the field of this prime. */
const prime = 2n ** 127n - 1n;

/** A row as the seal sees it. */
export interface SealedRow {
  /** Its name, `subject/clip`. */
  readonly name: string;
  /** Its content as a number from 1 to 2^126. */
  readonly content: bigint;
}

/** A row in which a table differs from the one that was sealed. */
export interface Difference {
  readonly name: string;
  /** The content of the sealed table's row; 0 where it has none of this name. */
  readonly sealed: bigint;
}

/** The seal of a table, of an even number of sums. */
export function sealOf(rows: readonly SealedRow[], sums = 24): bigint[] {
  const seal = Array<bigint>(sums).fill(0n);
  for (const { name, content } of rows) {
    let term = content % prime;
    for (let j = 0, x = placeOf(name); j < sums; j++, term = term * x % prime) {
      seal[j] = (seal[j]! + term) % prime;
    }
  }
  return seal;
}

/**
 * The rows in which a table differs from a sealed one, or `undefined` where there are more than can be told.
 *
 * @param seal The seal of the other table.
 * @param rows This table.
 * @param possible Names that rows of the other table may have.
 */
export function sealDifferences(
  seal: readonly bigint[],
  rows: readonly SealedRow[],
  possible: () => Iterable<string>,
): Difference[] | undefined {
  const own = sealOf(rows, seal.length), syndrome = seal.map((sum, j) => mod(sum - own[j]!));
  if (syndrome.every((sum) => sum === 0n)) return [];
  const locator = recurrence(syndrome), count = locator.length - 1;
  // A recurrence of half of the sums fits any of them; one less leaves two to check it.
  if (count > seal.length / 2 - 1) return undefined;
  const contents = new Map(rows.map(({ name, content }) => [name, content]));
  const names = new Set<string>();
  const look = (name: string) => {
    const x = placeOf(name);
    // x^L + c_1 x^(L-1) + ... + c_L is zero at the places that differ.
    if (locator.reduce((sum, c) => mod(sum * x + c), 0n) === 0n) names.add(name);
  };
  for (const name of contents.keys()) look(name);
  if (names.size < count) { for (const name of possible()) if (!contents.has(name)) look(name); }
  if (names.size !== count) return undefined;
  const errors = solve([...names].map(placeOf), syndrome);
  return [...names].map((name, i) => ({ name, sealed: mod((contents.get(name) ?? 0n) + errors[i]!) }));
}

/** A name's place: its characters, without case, as digits of base 257. */
function placeOf(name: string): bigint {
  let x = 0n;
  const text = name.toLowerCase();
  for (let i = 0; i < text.length; i++) x = mod(x * 257n + BigInt(text.charCodeAt(i)) + 1n);
  return x;
}

/** The shortest linear recurrence of a sequence, 1 + c_1 z + ... (Berlekamp and Massey). */
function recurrence(sequence: readonly bigint[]): bigint[] {
  let [current, previous, length, shift, scale] = [[1n], [1n], 0, 1, 1n];
  for (let n = 0; n < sequence.length; n++) {
    let gap = 0n;
    for (let i = 0; i <= length; i++) gap = mod(gap + (current[i] ?? 0n) * sequence[n - i]!);
    if (gap === 0n) {
      shift++;
      continue;
    }
    const before = current, factor = mod(gap * inverse(scale));
    current = Array.from(
      { length: Math.max(current.length, previous.length + shift) },
      (_, i) => mod((current[i] ?? 0n) - (i < shift ? 0n : factor * (previous[i - shift] ?? 0n))),
    );
    if (2 * length <= n) {
      [length, previous, scale, shift] = [n + 1 - length, before, gap, 1];
    } else shift++;
  }
  return Array.from({ length: length + 1 }, (_, i) => current[i] ?? 0n);
}

/** e of sum over i of e_i x_i^j = s_j, by elimination. */
function solve(places: readonly bigint[], sequence: readonly bigint[]): bigint[] {
  const n = places.length;
  const rows = Array.from({ length: n }, (_, j) => [...places.map((x) => power(x, BigInt(j))), sequence[j]!]);
  for (let k = 0; k < n; k++) {
    const pivot = rows.findIndex((row, r) => r >= k && row[k] !== 0n);
    [rows[k], rows[pivot]] = [rows[pivot]!, rows[k]!];
    const scale = inverse(rows[k]![k]!);
    rows[k] = rows[k]!.map((value) => mod(value * scale));
    for (let r = 0; r < n; r++) {
      if (r === k || rows[r]![k] === 0n) continue;
      const factor = rows[r]![k]!;
      rows[r] = rows[r]!.map((value, c) => mod(value - factor * rows[k]![c]!));
    }
  }
  return rows.map((row) => row[n]!);
}

const mod = (value: bigint) => (value % prime + prime) % prime;
const inverse = (value: bigint) => power(value, prime - 2n);

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let square = mod(base); exponent > 0n; exponent >>= 1n, square = square * square % prime) {
    if (exponent & 1n) result = result * square % prime;
  }
  return result;
}
