export { streamImages } from "./stream_images.ts";
export { streamVideo } from "./stream_video.ts";
export type { FrameStream, TimedFrame } from "./types.ts";
