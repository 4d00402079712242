import { UserError } from "../types.ts";

/** The most seeds that one run takes: a slip such as 1..1000000 should not start a plan of years. */
const most = 1000;

/** The value of `--seeds`: numbers and ranges, `1..5`, `1,4,7` or `1..3,7`. */
export function parseSeeds(command: string, text: string | undefined): number[] | undefined {
  if (text === undefined) return undefined;
  const wrong = (why: string) => new UserError(`m2m ${command}: --seeds ${why}; see m2m --help.`, 2);
  const seeds = text.split(",").flatMap((part) => {
    const [, first, last] = /^(\d{1,9})(?:\.\.(\d{1,9}))?$/.exec(part.trim()) ?? [];
    if (first === undefined) {
      throw wrong(`must be whole numbers or ranges such as 1..5 or 1,4,7, found ${text}`);
    }
    const [low, high] = [Number(first), Number(last ?? first)];
    if (high < low) throw wrong(`has the range ${part.trim()} the wrong way round`);
    if (high - low >= most) throw wrong(`names more than ${most} seeds, found ${part.trim()}`);
    return Array.from({ length: high - low + 1 }, (_, i) => low + i);
  });
  const twice = seeds.find((seed, i) => seeds.indexOf(seed) < i);
  if (twice !== undefined) throw wrong(`names ${twice} twice, found ${text}`);
  if (seeds.length > most) throw wrong(`names more than ${most} seeds, found ${seeds.length}`);
  return seeds;
}
