import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { clipOf } from "../../inspect/page/clip_of.ts";

const file = (path: string, type = "") =>
  Object.defineProperty(new File(["x"], path.split("/").at(-1)!, { type }), "webkitRelativePath", {
    value: path,
  });
const refusal = (...paths: string[]) => {
  const clip = clipOf(paths.map((path) => file(path)), 200);
  assert(typeof clip === "string", "taken");
  return clip;
};

Deno.test("clipOf: a video is a video, images are images, tables and hidden files beside them do not count", () => {
  const film = file("a/clip.MP4");
  assertEquals(clipOf([film, file("a/notes.txt")], 200), { kind: "video", file: film });
  const frames = [
    file("EP01/img2.jpg"),
    file("EP01/img1.JPG"),
    file("EP01/codes.xlsx"),
    file("EP01/._img1.jpg"),
  ];
  assertEquals(clipOf(frames, 100), { kind: "images", files: frames.slice(0, 2), fps: 100 });
  assertEquals((clipOf([file("clip", "video/webm")], 200) as { kind: string }).kind, "video"); // by its type, without an ending
});

Deno.test("clipOf: what is no clip is refused by one sentence with the remedy", () => {
  assertStringIncludes(refusal(), "There is no file");
  assertStringIncludes(refusal(".DS_Store"), "There is no file");
  assertStringIncludes(refusal("table.csv"), "table.csv is neither a video nor an image");
  assertStringIncludes(refusal("img1.jpg"), "One image shows no movement");
  assertStringIncludes(refusal("a.mp4", "b.mp4", "img1.jpg"), "2 videos and 1 images; give one video");
  assertStringIncludes(
    refusal("sub01/EP01/img1.jpg", "sub01/EP02/img1.jpg"),
    "in 2 folders; give the folder of one clip",
  );
});
