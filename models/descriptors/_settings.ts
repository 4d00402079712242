// Settings that several descriptors share.
import { z } from "zod";

/** Pixels or frames. */
export const radius = (paper: number): z.ZodDefault<z.ZodInt> => z.int().min(1).max(64).default(paper);

/** Neighbours around a pixel. */
export const neighbourCount = (paper: number): z.ZodDefault<z.ZodInt> => z.int().min(2).max(8).default(paper);

type GridSettings = z.ZodPrefault<
  z.ZodObject<
    { rows: z.ZodDefault<z.ZodInt>; columns: z.ZodDefault<z.ZodInt>; times: z.ZodDefault<z.ZodInt> },
    z.core.$strict
  >
>;

/** The blocks of a descriptor. */
export const gridSettings = (rows: number, columns: number, times = 1): GridSettings =>
  z.strictObject({
    rows: z.int().min(1).max(64).default(rows),
    columns: z.int().min(1).max(64).default(columns),
    times: z.int().min(1).max(64).default(times),
  }).prefault({}).describe("Blocks from top to bottom, from left to right, in time.");

type FlatGridSettings = z.ZodPrefault<
  z.ZodObject<{ rows: z.ZodDefault<z.ZodInt>; columns: z.ZodDefault<z.ZodInt> }, z.core.$strict>
>;

/** The blocks of a descriptor of single maps. */
export const flatGridSettings = (rows: number, columns: number): FlatGridSettings =>
  z.strictObject({
    rows: z.int().min(1).max(64).default(rows),
    columns: z.int().min(1).max(64).default(columns),
  }).prefault({}).describe("Blocks from top to bottom, from left to right.");
