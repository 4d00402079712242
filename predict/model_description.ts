import { z } from "zod";
import { cropSchema, type Preparation, preparationSchema } from "../pipeline/preparation.ts";
import { UserError } from "../types.ts";

const count = () => z.int().positive();
const networkSchema = z.strictObject({
  streams: z.enum(["both", "spatial", "temporal"]),
  width: count(),
  stem: z.enum(["imagenet", "small"]),
  channels: z.union([z.literal(1), z.literal(3)]),
  videoFeature: z.enum(["mean", "intervals"]),
  intervals: z.strictObject({
    count: count(),
    kind: z.enum(["mean", "sequence"]),
    sequenceLength: count().exactOptional(),
  }),
});

const clipSchema = z.strictObject({
  frames: count(),
  size: count(),
  channels: z.union([z.literal(1), z.literal(3)]),
  interpolation: z.enum(["linear", "tim"]),
  normalise: z.enum(["imagenet", "clip"]),
  reference: z.enum(["none", "onset"]),
  crop: cropSchema.exactOptional(),
});

const figuresSchema = z.object({ n: z.number(), accuracy: z.number(), uf1: z.number(), uar: z.number() });

const originSchema = z.strictObject({
  pipeline: z.record(z.string(), z.unknown()),
  row: z.string(),
  seed: z.int(),
  databases: z.array(z.string()),
  protocol: z.string(),
  evaluated: z.boolean(),
  note: z.string(),
  scores: figuresSchema.exactOptional(),
  versions: z.record(z.string(), z.string()),
});

const descriptionSchema = z.strictObject({
  format: z.literal("macro2micro model"),
  version: z.literal(1),
  name: z.string(),
  classes: z.array(z.string()).min(2),
  network: networkSchema,
  clip: clipSchema,
  preparation: preparationSchema,
  members: z.array(z.strictObject({ name: z.string(), file: z.string(), sha256: z.string() })).min(1),
  origin: originSchema,
});

// The browser loads this file: nothing of Deno or Node may be imported here.

/** What a model says of itself: its file `model.json`. */
export interface ModelDescription {
  /** Tells the file from others. */
  readonly format: "macro2micro model";
  /** Of the format. */
  readonly version: 1;
  /** The pipeline's name. */
  readonly name: string;
  /** The classes' names, in the order of logits. */
  readonly classes: readonly string[];
  /** The form of MiNet. */
  readonly network: z.output<typeof networkSchema>;
  /** How a crop becomes the network's input: `crop` of it, `size` x `size` x `channels`, T frames by `interpolation`, numbers by `normalise` and `reference`. */
  readonly clip: z.output<typeof clipSchema>;
  /** How a frame becomes the crop. */
  readonly preparation: Preparation;
  /** The networks: one, or one of each fold. Files are safetensors with PyTorch's names and layout, beside `model.json`. */
  readonly members: readonly { readonly name: string; readonly file: string; readonly sha256: string }[];
  /** Where it comes from. */
  readonly origin: {
    /** The resolved pipeline. */
    readonly pipeline: Readonly<Record<string, unknown>>;
    /** The row of the ablation that it is of. */
    readonly row: string;
    /** The seed. */
    readonly seed: number;
    /** The databases that it learned from. */
    readonly databases: readonly string[];
    /** The protocol under which it was tested; `none` where it was not. */
    readonly protocol: string;
    /** Whether there are scores on subjects that its networks had not seen. */
    readonly evaluated: boolean;
    /** What is to be known before its answers are believed, in sentences. */
    readonly note: string;
    /** Pooled over the folds, each network on the subject that it had not seen. */
    readonly scores?: z.output<typeof figuresSchema>;
    /** Of the software that trained it. */
    readonly versions: Readonly<Record<string, string>>;
  };
}

/**
 * Reads `model.json`.
 *
 * @param bytes
 * @param file For messages.
 * @throws {UserError} If it is damaged, of another program or of a later version.
 *
 * @example
 * ```ts
 * import { readModelDescription } from "@macro2micro/mer/predict";
 * import { assertThrows } from "@std/assert";
 *
 * assertThrows(() => readModelDescription(new TextEncoder().encode("{}"), "model.json"), Error, "no model of Macro2Micro");
 * ```
 */
export function readModelDescription(bytes: Uint8Array, file: string): ModelDescription {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new UserError(`Cannot read ${file}: it is damaged; export the model again.`);
  }
  const { format, version } = (value ?? {}) as Partial<ModelDescription>;
  if (format !== "macro2micro model") {
    throw new UserError(
      `Cannot read ${file}: it is no model of Macro2Micro; name a folder that m2m export or m2m train-final made.`,
    );
  }
  if (version !== 1) {
    throw new UserError(
      `Cannot read ${file}: it is of version ${version} of the format, this program knows version 1; use a newer one.`,
    );
  }
  const parsed = descriptionSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new UserError(
    `Cannot read ${file}: it is damaged (${problems.join("; ")}); export the model again.`,
  );
}
