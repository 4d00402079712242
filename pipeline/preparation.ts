import { z } from "zod";

// The browser loads this file: nothing of Deno or Node may be imported here.

const part = () => z.number().min(0).max(1);

/** A part of a frame, in fractions of its width and height. */
export const cropSchema = z.strictObject({ left: part(), top: part(), width: part(), height: part() });

const alignSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("face"),
    eyeDistance: z.number().positive(),
    eyeLine: part(),
    leastScore: part(),
    size: z.int().positive(),
  }),
  z.strictObject({
    kind: z.literal("none"),
    crop: cropSchema.exactOptional(),
    size: z.int().positive().exactOptional(),
  }),
]);

/** How the frames of a model's clips had been prepared: what `m2m data prepare` was told, or nothing. */
export const preparationSchema = z.strictObject({
  /**
   * `face`: cut out so that the eyes come to fixed places in a square of `size` pixels. `none`: `crop` of the frame (the whole frame without it), brought to
   * `size` pixels; without `size` it was not prepared.
   */
  align: alignSchema,
  /** Prepared frames were grey. */
  grey: z.boolean().exactOptional(),
  /** Motion had been magnified in a band of frequencies, Hz. */
  magnify: z.strictObject({ alpha: z.number(), low: z.number(), high: z.number() }).exactOptional(),
  /** What else is to be known, a sentence. */
  note: z.string().exactOptional(),
});

/** How the frames of a run's clips had been prepared. */
export type Preparation = z.output<typeof preparationSchema>;
