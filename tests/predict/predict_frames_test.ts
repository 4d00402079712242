import { assert, assertEquals, assertRejects } from "@std/assert";
import type { FaceFinder, FoundFace, Picture, Point } from "../../data/faces/types.ts";
import { predictFrames, type SeenWindow } from "../../predict/predict_frames.ts";
import type { ClipModel } from "../../predict/types.ts";
import { UserError } from "../../types.ts";

const classes = ["darker", "brighter"];
/** Says whether the last frame is brighter than the first; it knows nothing else, but is right. */
function brightness(align: ClipModel["description"]["preparation"]["align"], frames = 4): ClipModel {
  return {
    description: { classes, clip: { frames, size: 16, channels: 1 }, preparation: { align } },
    predict({ pixels, shape, apex }) {
      assertEquals(shape, [frames, 16, 16, 1]);
      assertEquals(apex.length, 256);
      const mean = (from: number) => pixels.subarray(from, from + 256).reduce((sum, v) => sum + v, 0) / 256;
      const change = mean(pixels.length - 256) - mean(0), p = 1 / (1 + Math.exp(-change));
      return {
        class: Number(p > 0.5),
        label: classes[Number(p > 0.5)]!,
        probabilities: [1 - p, p],
        logits: [0, change],
      };
    },
  };
}
const half = { window: 0.5 };
const whole = { kind: "none" } as const;
const faces = { kind: "face", eyeDistance: 0.4, eyeLine: 0.35, leastScore: 0.5, size: 32 } as const;

/** Frames of one size whose pixels a function gives. */
function* frames(
  times: readonly number[],
  level: (x: number, y: number, time: number) => number,
  [width, height] = [64, 48] as readonly [number, number],
) {
  for (const [k, time] of times.entries()) {
    const pixels = new Uint8Array(width * height * 3);
    for (let i = 0; i < width * height; i++) {
      pixels.fill(level(i % width, Math.floor(i / width), time), 3 * i, 3 * i + 3);
    }
    yield { pixels, width, height, channels: 3, time, frame: k + 1 } as const;
  }
}
const steady = (count: number, fps: number) => Array.from({ length: count }, (_, k) => k / fps);

/** A finder that takes every bright block of columns for a face, its eyes 16 pixels apart. */
function blocks(looks: Picture[] = []): FaceFinder {
  return {
    find(picture) {
      looks.push(picture);
      const { pixels, width, height } = picture, found: FoundFace[] = [];
      const bright = (x: number) => x < width && pixels[3 * ((height >> 1) * width + x)]! > 120;
      for (let x = 0; x < width; x++) {
        if (!bright(x)) continue;
        const left = x;
        while (bright(x)) x++;
        const middle = (left + x) / 2;
        const landmarks = Array.from(
          { length: 68 },
          (_, i): Point => [middle + (i >= 42 && i < 48 ? 8 : -8), 20],
        );
        found.push({ score: 0.9, box: { left, top: 0, width: x - left, height: x - left }, landmarks });
      }
      return Promise.resolve(found);
    },
  };
}

Deno.test("predictFrames: what spans no more than a window is one clip from its first frame to its last", async () => {
  const result = await predictFrames(
    frames(steady(26, 50), (_x, _y, t) => 100 + 100 * t),
    brightness(whole),
    half,
  );
  assertEquals([result.frames, result.width, result.height, result.single], [26, 64, 48, true]);
  const [window, ...others] = result.faces[0]!.windows;
  assertEquals(others, []);
  assertEquals([window!.onset, window!.offset], [{ frame: 1, time: 0 }, { frame: 26, time: 0.5 }]);
  assertEquals([window!.spotted, window!.label, window!.place], [["apex"], "brighter", null]);
  // One frame more is longer than the window: two, the second from half a window on.
  const longer = await predictFrames(
    frames(steady(27, 50), (_x, _y, t) => 100 + 100 * t),
    brightness(whole),
    half,
  );
  assertEquals(longer.single, false);
  assertEquals(longer.faces[0]!.windows.map(({ from, to }) => [from.frame, to.frame]), [[1, 26], [14, 27]]);
  const told = await predictFrames(frames(steady(27, 50), (_x, _y, t) => 100 + 100 * t), brightness(whole), {
    clipUpTo: 1,
  });
  assertEquals(told.faces[0]!.windows.map(({ from, to }) => [from.frame, to.frame]), [[1, 27]]);
});

Deno.test("predictFrames: windows go by the frames' own times, not by their number", async () => {
  // 10 frames in the first half second, then 50 a second.
  const times = [...steady(10, 20), ...steady(50, 50).map((t) => 0.5 + t)];
  const { faces: [face], spacing } = await predictFrames(
    frames(times, (_x, _y, t) => 250 - 100 * t),
    brightness(whole),
    half,
  );
  assertEquals(face!.windows.map(({ from }) => Math.round(100 * from.time) / 100), [0, 0.25, 0.5, 0.76, 1]);
  for (const { from, to, label } of face!.windows) {
    assert(to.time - from.time <= 0.5 + 1e-6 && to.time - from.time > 0.4);
    assertEquals(label, "darker");
  }
  assert(Math.abs(spacing[0] - 0.02) < 1e-9 && Math.abs(spacing[1] - 0.05) < 1e-9);
});

Deno.test("predictFrames: two faces keep their numbers, are cut out where they were at a window's beginning, each judged by itself", async () => {
  // Two blocks of 20 columns; the left one brightens, the right one darkens; both wander.
  const at = (t: number) => [[20 + 3 * t, 130 + 75 * t], [80 - 3 * t, 250 - 75 * t]] as const;
  const level = (x: number, _y: number, t: number) => {
    for (const [left, value] of at(t)) if (x >= Math.round(left) && x < Math.round(left) + 20) return value;
    return 50;
  };
  const seen: SeenWindow[] = [];
  const { faces: found, notes } = await predictFrames(
    frames(steady(40, 25), level, [120, 48]),
    brightness(faces),
    {
      ...half,
      finder: blocks(),
      onWindow: (window) => void seen.push(window),
    },
  );
  assertEquals(notes, []);
  assertEquals(found.map(({ face, windows }) => [face, windows.length]), [[1, 6], [2, 6]]);
  for (const { place } of found[0]!.windows) assert(place!.eyes[0][0] < 40);
  assertEquals(seen.length, 12);
  for (const { crops, side } of seen) {
    assertEquals([side, crops.onset.length], [32, 32 * 32 * 3]);
    // Above the eyes' middle, which the alignment puts at (16, 11.2).
    assert(crops.onset[3 * (11 * 32 + 16)]! > 120);
  }
  assertEquals(new Set(found[0]!.windows.map(({ label }) => label)), new Set(["brighter"]));
  assertEquals(new Set(found[1]!.windows.map(({ label }) => label)), new Set(["darker"]));
});

Deno.test("predictFrames: a face that comes later has the next number; one that goes has no more windows", async () => {
  const level = (x: number, _y: number, t: number) =>
    x >= 4 && x < 24 && t < 1.1 || x >= 40 && x < 60 && t > 0.6 ? 220 : 50;
  const { faces: found, notes } = await predictFrames(frames(steady(60, 25), level), brightness(faces), {
    ...half,
    finder: blocks(),
  });
  assertEquals(found.map(({ windows }) => windows.map(({ from }) => Math.round(from.time / 0.25))), [[
    0,
    1,
    2,
    3,
    4,
  ], [3, 4, 5, 6, 7, 8]]);
  assertEquals(notes, []);
});

Deno.test("predictFrames: a lying face is set upright, a dark one found in a brightened copy, none is said", async () => {
  // Blocks of rows: the finder sees columns only, so it finds them in the turned picture.
  const lying = await predictFrames(
    frames(steady(10, 25), (_x, y, t) => y >= 12 && y < 32 ? 210 + 60 * t : 50, [48, 64]),
    brightness(faces),
    { finder: blocks() },
  );
  assertEquals(lying.faces[0]!.windows[0]!.label, "brighter");
  assert(lying.notes[0]!.includes("turned by 90 degrees"), lying.notes[0]!);
  const [right, left] = lying.faces[0]!.windows[0]!.place!.eyes; // below each other
  assertEquals([Math.abs(right[0] - left[0]), Math.abs(right[1] - left[1])], [0, 16]);

  const dark = await predictFrames(
    frames(steady(10, 25), (x, _y, t) => x >= 12 && x < 32 ? 22 + 10 * t : 4),
    brightness(faces),
    { finder: blocks() },
  );
  assertEquals(dark.faces[0]!.windows[0]!.label, "brighter");
  assert(dark.notes[0]!.includes("brightened copy"), dark.notes[0]!);

  const black = await predictFrames(frames(steady(10, 25), () => 3), brightness(faces), {
    finder: { find: () => Promise.resolve([]) },
  });
  assertEquals(black.faces, []);
  assertEquals(black.notes, ["no face was found; the picture is dark (mean level 3 of 255)"]);
  const wall = await predictFrames(frames(steady(10, 25), () => 100), brightness(faces), {
    finder: blocks(),
  });
  assertEquals([wall.faces, wall.notes], [[], ["no face was found"]]);
});

Deno.test("predictFrames: given onset, apex and offset are taken, by number or by time; nothing after the offset is read", async () => {
  let read = 0;
  function* counted() {
    for (const frame of frames(steady(100, 25), (_x, _y, t) => 100 + 30 * t)) {
      read++;
      yield frame;
    }
  }
  const result = await predictFrames(counted(), brightness(whole), {
    onset: { frame: 11 },
    apex: { time: 1 },
    offset: { frame: 41 },
  });
  assertEquals(read, 41);
  const window = result.faces[0]!.windows[0]!;
  assertEquals([window.onset.frame, window.apex.frame, window.offset.frame, window.spotted], [
    11,
    26,
    41,
    [],
  ]);
  for (
    const [options, message] of [
      [{ onset: { frame: 500 } }, "onset 500 is not there, the frames are 1 to 100"],
      [{ offset: { time: 9 } }, "offset 9 s is not there"],
      [
        { onset: { frame: 11 }, apex: { frame: 3 }, offset: { frame: 20 } },
        "apex 3 is not between onset 11 and offset 20",
      ],
      [{ onset: { frame: 20 }, offset: { frame: 11 } }, "there is 1 frame"],
      [{ apex: { frame: 3 } }, "an apex alone"],
    ] as const
  ) {
    await assertRejects(() => predictFrames(counted(), brightness(whole), options), UserError, message);
  }
});

Deno.test("predictFrames: a movement is spotted where it is, and stands out by its strength", async () => {
  // A bar that bulges from 1.2 s over 1.4 s to 1.6 s on a still, textured ground.
  const bulge = (t: number) => Math.max(0, 1 - Math.abs(t - 1.4) / 0.2);
  const level = (x: number, y: number, t: number) =>
    120 + 30 * Math.sin(x / 3) * Math.cos(y / 4) + (x > 20 && x < 34 && y > 20 && y < 26 ? 60 * bulge(t) : 0);
  const { faces: [face] } = await predictFrames(frames(steady(150, 25), level), brightness(whole));
  const peaks = face!.windows.filter(({ peak }) => peak);
  assertEquals(peaks.length, 1);
  const { from, onset, apex, offset, motion } = peaks[0]!;
  assert(Math.abs(apex.time - 1.4) < 0.05, `apex ${apex.time}`);
  assert(
    onset.time >= 1.15 && onset.time <= 1.3 && offset.time >= 1.5 && offset.time <= 1.65,
    `${onset.time} ${offset.time}`,
  );
  assert(from.time <= 1.2 && motion > 1, `${motion}`);
  const still = await predictFrames(frames(steady(150, 25), (x, y) => level(x, y, 0)), brightness(whole));
  assertEquals(still.faces[0]!.windows.filter(({ peak }) => peak), []);
});

Deno.test("predictFrames: refusals, and too few frames, in sentences", async () => {
  const film = () => frames(steady(30, 25), () => 100);
  await assertRejects(
    () => predictFrames(film(), brightness(whole), { window: 0 }),
    RangeError,
    "window must be positive",
  );
  await assertRejects(
    () => predictFrames(film(), brightness(whole), { step: 2 }),
    RangeError,
    "step must not be over",
  );
  await assertRejects(() => predictFrames(film(), brightness(faces)), TypeError, "needs a finder");
  await assertRejects(() => predictFrames([], brightness(whole)), UserError, "no frame");
  await assertRejects(
    () => predictFrames(frames([0], () => 100), brightness(whole)),
    UserError,
    "there is 1 frame",
  );
  const sparse = await predictFrames(frames(steady(5, 1), () => 100), brightness(whole), half);
  assertEquals(sparse.faces, []);
  assert(sparse.notes[0]!.includes("fewer than 3 frames"), sparse.notes[0]!);
  const changing = [...frames(steady(30, 25), () => 100), ...frames([1.2], () => 100, [32, 32])];
  const { notes, frames: read } = await predictFrames(changing, brightness(whole));
  assertEquals([read, notes], [30, [
    "the picture changes from 64x48 to 32x32 at 1.20 s; what lies before is predicted",
  ]]);
});

Deno.test("predictFrames: hears a signal and gives what was predicted so far", async () => {
  const stop = new AbortController();
  const { frames: read, faces: [face] } = await predictFrames(
    frames(steady(200, 25), () => 100),
    brightness(whole),
    {
      ...half,
      signal: stop.signal,
      onFrame: ({ frame }) => frame === 60 && stop.abort(),
    },
  );
  assertEquals(read, 60);
  assert(face!.windows.length >= 7);
});
