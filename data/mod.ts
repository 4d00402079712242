/**
 * Databases on disk to samples, samples to batches: readers in the databases' true layouts and tables, decoding, a clip
 * cache, samplers, augmentations and label maps.
 *
 * @module
 */
export * from "./augment.ts";
export * from "./batch_sampler.ts";
export * from "./clip_cache.ts";
export * from "./composite.ts";
export * from "./corrections.ts";
export * from "./faces/mod.ts";
export * from "./interpolate_frames.ts";
export * from "./label_map.ts";
export { type ClipOptions, loadClip } from "./load_clip.ts";
export * from "./load_flow_images.ts";
export { type MagnifiableClip, magnifyClip, type MagnifyOptions } from "./magnify/magnify_clip.ts";
export * from "./flow/mod.ts";
export type { FrameOptions } from "./_decode.ts";
export { type OpenedVideo, openVideo, type OpenVideoOptions } from "./open_video.ts";
export * from "./prepare/mod.ts";
export * from "./readers/casme2.ts";
export * from "./readers/casme3.ts";
export * from "./readers/ckplus.ts";
export * from "./readers/mmew.ts";
export * from "./readers/mmi.ts";
export * from "./readers/options.ts";
export * from "./readers/read_database.ts";
export * from "./readers/samm.ts";
export * from "./readers/smic.ts";
export type { TableReading, TableRow } from "./readers/_coded_table.ts";
export * from "./published.ts";
export * from "./check/mod.ts";
export * from "./show/mod.ts";
export * from "./xlsx_writer.ts";
export * from "./spot_apex.ts";
export * from "./stream/mod.ts";
export * from "./synth/mod.ts";
