/**
 * Databases on disk to samples, samples to batches: readers in the databases' true layouts and tables, decoding, a clip
 * cache, samplers, augmentations and label maps.
 *
 * @module
 */
export * from "./xlsx_writer.ts";
