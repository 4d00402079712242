/// <reference lib="dom" />
import type { ClipInput } from "./messages.ts";

const image = /\.(jpe?g|png|bmp)$/i, video = /\.(mp4|m4v|mov|webm|mkv|avi|mpe?g|wmv|mts|m2ts|3gp|ogv)$/i;

/** Files as one clip; or a sentence why they are none. Hidden files and what is neither image nor video (tables, notes) do not count. */
export function clipOf(files: readonly File[], fps: number): ClipInput | string {
  const open = files.filter(({ name }) => !name.startsWith("."));
  const images = open.filter(({ name, type }) =>
    image.test(name) || (type.startsWith("image/") && !video.test(name))
  );
  const videos = open.filter(({ name, type }) => video.test(name) || type.startsWith("video/"));
  const folders = new Set(images.map(({ webkitRelativePath }) => webkitRelativePath.replace(/[^/]*$/, "")));
  if (videos.length === 1 && images.length === 0) return { kind: "video", file: videos[0]! };
  if (videos.length === 0 && images.length > 1 && folders.size === 1) {
    return { kind: "images", files: images, fps };
  }
  if (folders.size > 1) return `There are images in ${folders.size} folders; give the folder of one clip.`;
  if (images.length + videos.length === 0) {
    return open.length === 0
      ? "There is no file; give a video, or the image frames of one clip."
      : `${
        open[0]!.name
      } is neither a video nor an image (JPEG, PNG, BMP); give a video, or the image frames of one clip.`;
  }
  if (videos.length === 0) return "One image shows no movement; give all frames of a clip, or a video.";
  return `There are ${videos.length} videos and ${images.length} images; give one video, or the image frames of one clip.`;
}

/** Everything in what was dropped, folders too. A dropped file does not say its folder: it is written onto it. */
export async function filesOf({ items, files }: DataTransfer): Promise<File[]> {
  // Entries are gone as soon as this function waits.
  const entries = [...items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  if (entries.length === 0) return [...files];
  return (await Promise.all(entries.map(filesBelow))).flat();
}

async function filesBelow(entry: FileSystemEntry): Promise<File[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, reject)
    );
    Object.defineProperty(file, "webkitRelativePath", { value: entry.fullPath.slice(1) });
    return [file];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader(), all: FileSystemEntry[] = [];
  for (;;) { // a hundred at a time
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject)
    );
    if (some.length === 0) break;
    all.push(...some);
  }
  return (await Promise.all(all.map(filesBelow))).flat();
}
