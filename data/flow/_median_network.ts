import { type Code, f32x4, type Local } from "../../engine/assemble.ts";

/**
 * Code that finds the median of some vectors, lane by lane, by forgetting: of (n + 1) / 2 + 1 values neither the smallest nor the
 * largest can be the median of all n, so both go and one value not seen yet comes in, until one is left.
 *
 * @param values Code of each value; their number is odd and at least 3.
 * @param fresh Makes a local.
 */
export function medianOf(values: readonly Code[], fresh: () => Local): { code: Code; result: Local } {
  const kept = (values.length + 1) / 2 + 1, swap = fresh();
  let live = values.slice(0, kept).map(() => fresh());
  const code: Code[] = live.map((local, i) => local.set(values[i]!));
  for (let next = kept;; next++) {
    code.push(...bringEndsOut(live, swap));
    const [smallest, ...rest] = live as [Local, ...Local[]];
    live = rest.slice(0, -1);
    if (next === values.length) return { code: code.flat(), result: live[0]! };
    code.push(smallest.set(values[next]!));
    live.push(smallest);
  }
}

/** Exchanges that bring the smallest to the front and the largest to the end. */
function bringEndsOut(values: readonly Local[], swap: Local): Code[] {
  const order = (low: number, high: number): Code => {
    const a = values[low]!, b = values[high]!;
    return [
      ...swap.set(f32x4.pseudoMin(a.get, b.get)),
      ...b.set(f32x4.pseudoMax(a.get, b.get)),
      ...a.set(swap.get),
    ];
  };
  const last = values.length - 1, code: Code[] = [];
  for (let i = 0; i < last - i; i++) code.push(order(i, last - i));
  for (let i = 1; i <= last - i; i++) code.push(order(0, i));
  for (let i = last - 1; i >= last - i; i--) code.push(order(i, last));
  return code;
}
