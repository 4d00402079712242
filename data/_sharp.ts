import type sharpOf from "sharp";

/** sharp's function and settings. */
export type Sharp = typeof sharpOf;

let loaded: Promise<Sharp> | undefined, threads: number | undefined;

/** sharp, loaded when the first image needs it: loading takes a tenth of a second, and many images need none. */
export function loadSharp(): Promise<Sharp> {
  return loaded ??= import("sharp").then(({ default: sharp }) => {
    // Files may change between runs of one process, and memory must not grow with the number of clips.
    sharp.cache(false);
    if (threads !== undefined) sharp.concurrency(threads);
    return sharp;
  });
}

/** How many threads sharp shall use for an image; before it is loaded. */
export function limitSharp(count: number): void {
  threads = count;
}
