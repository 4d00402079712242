import type { Random } from "../../engine/random.ts";

/** Action units with their strength, 0 none .. 1 as strong as it gets: `{ "6": 0.8, "12": 1 }`, `{ "R14": 1 }` one side. */
export type ActionUnits = Readonly<Record<string, number>>;

/**
 * Which action units an expression is made of, as alternatives, the first being the prototype. After the FACS
 * Investigator's Guide and the action units that CASME II and SAMM code for their labels.
 */
export const expressionUnits: Readonly<Record<string, readonly ActionUnits[]>> = {
  happiness: [{ "6": 0.9, "12": 1 }, { "12": 1 }, { "6": 0.6, "12": 0.9 }],
  surprise: [{ "1": 1, "2": 1, "5": 0.9, "26": 0.75 }, { "1": 1, "2": 1 }, { "1": 1, "2": 0.9, "5": 0.9 }, {
    "1": 0.9,
    "2": 1,
    "25": 0.6,
  }],
  disgust: [{ "4": 0.4, "9": 1, "10": 0.7, "17": 0.4 }, { "4": 0.7, "9": 1 }, { "9": 0.7, "10": 1 }, {
    "4": 1,
    "7": 0.7,
    "10": 0.6,
  }],
  anger: [{ "4": 1, "5": 0.4, "7": 0.8, "23": 0.9 }, { "4": 1, "7": 0.9 }, { "4": 1, "7": 0.5, "23": 0.8 }, {
    "4": 1,
  }],
  sadness: [{ "1": 0.9, "4": 0.6, "15": 1, "17": 0.4 }, { "1": 1, "4": 0.8 }, { "15": 1, "17": 0.7 }],
  fear: [{ "1": 0.9, "2": 0.5, "4": 0.6, "5": 1, "20": 1, "26": 0.3 }, { "1": 0.6, "4": 0.8, "20": 1 }, {
    "4": 0.7,
    "5": 0.7,
    "20": 0.9,
  }],
  contempt: [{ "R12": 0.45, "R14": 1 }, { "L12": 0.45, "L14": 1 }, { "R14": 1 }, { "L14": 1 }],
  repression: [{ "14": 1, "17": 0.7 }, { "15": 0.9, "17": 0.7 }, { "14": 0.8, "23": 0.9 }],
  others: [{ "17": 1 }, { "14": 1 }, { "L2": 1 }, { "7": 0.8, "23": 0.7 }, { "25": 1, "17": 0.4 }],
};

/**
 * Draws the action units of one performance: an alternative of the expression, every unit's strength varied by a sixth.
 *
 * @param expression A key of {@linkcode expressionUnits}.
 * @param strength Strength of the whole, 0..1; the result is at most 1 for any unit.
 * @param random The stream that decides.
 * @param prototype Take the first alternative twice as often as all others together.
 * @throws {RangeError} if the expression is not known.
 *
 * @example
 * ```ts
 * import { drawActionUnits } from "@macro2micro/mer/data";
 * import { seededRandom } from "@macro2micro/mer/engine";
 * import { assertEquals } from "@std/assert";
 *
 * const units = drawActionUnits("happiness", 0.3, seededRandom(1), true);
 * assertEquals("12" in units, true);
 * ```
 */
export function drawActionUnits(
  expression: string,
  strength: number,
  random: Random,
  prototype = false,
): ActionUnits {
  const choices = expressionUnits[expression];
  if (choices === undefined) {
    throw new RangeError(
      `Cannot draw action units: expression must be one of ${Object.keys(expressionUnits).join(", ")}, ` +
        `current value is ${expression}`,
    );
  }
  const chosen = prototype && random.next() < 2 / 3 ? choices[0]! : choices[random.integer(choices.length)]!;
  return Object.fromEntries(
    Object.entries(chosen).map(([unit, weight]) => {
      const varied = 1 + Math.max(-2, Math.min(2, random.normal())) / 6;
      return [unit, Math.min(1, strength * weight * varied)];
    }),
  );
}

/**
 * `4+7`, `R14`, in the order of the numbers: how coding tables write action units.
 *
 * @param units Action units; their strengths are not written.
 *
 * @example
 * ```ts
 * import { writeActionUnits } from "@macro2micro/mer/data";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(writeActionUnits({ "12": 0.3, "6": 0.2 }), "6+12");
 * ```
 */
export function writeActionUnits(units: ActionUnits): string {
  const number = (unit: string) => Number(unit.replace(/^[LR]/, ""));
  return Object.keys(units).sort((a, b) => number(a) - number(b)).join("+");
}
