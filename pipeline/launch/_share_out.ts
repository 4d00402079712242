/** Fewer steps than this are not worth a checkpoint and its reading. */
const least = 10;

/** What is to be shared out among lanes, each of which does one job after the other. */
export interface Work {
  /** How many folds nobody has begun. */
  readonly folds: number;
  /** Steps of each. */
  readonly steps: number;
  /** Steps that each lane has before it until it is free. */
  readonly busy: readonly number[];
}

/**
 * How lanes end together although the folds don't divide among them (McNaughton 1959): a fold that the last lanes would do alone is begun by one lane
 * before its whole folds, and finished by another after its own. Gives for each lane how many steps of a fold it does so at first, mostly 0.
 */
export function shareOut({ folds, steps, busy }: Work): number[] {
  const firsts = busy.map(() => 0);
  const lanes = busy.map((_, lane) => lane).sort((a, b) => busy[a]! - busy[b]!);
  const end = () => (folds * steps + lanes.reduce((sum, lane) => sum + busy[lane]!, 0)) / lanes.length;
  // A lane that would not get a whole fold takes no part: parts of a fold must not overlap in time.
  while (lanes.length > 0 && busy[lanes.at(-1)!]! + steps > end()) lanes.pop();
  if (lanes.length < 2 || endOfWhole({ folds, steps, busy }) - end() < least) return firsts;
  let position = 0; // on the line of all folds, of which each lane has its piece
  for (const [i, lane] of lanes.slice(0, -1).entries()) {
    position += end() - busy[lane]!;
    const last = position % steps, first = steps - last;
    if (Math.min(first, last) >= least) firsts[lanes[i + 1]!] = Math.round(first);
  }
  return firsts;
}

/** When the last lane ends if each takes whole folds as it becomes free. */
function endOfWhole({ folds, steps, busy }: Work): number {
  const ends = [...busy];
  for (let i = 0; i < folds; i++) ends[ends.indexOf(Math.min(...ends))]! += steps;
  return Math.max(...ends);
}
