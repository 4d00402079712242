import type { Settings } from "./_settings.ts";
import type { PrepareOptions } from "./options.ts";

/** Options with their defaults, as the steps take them; refuses what makes no sense. */
export function checkOptions(options: PrepareOptions): Settings {
  const { align = "face", crop = { left: 0, top: 0, width: 1, height: 1 }, size = 128, channels = 3 } =
    options;
  const { eyeDistance = 0.4, eyeLine = 0.35, leastScore = 0.5, spot = "missing", images = true } = options;
  const { frames, interpolation = "linear", flow = "png", flowSize = 28, jobs = 1 } = options;
  const whole = (name: string, value: number, least: number, most: number) => {
    if (Number.isInteger(value) && value >= least && value <= most) return;
    throw wrong(`${name} must be a whole number from ${least} to ${most}`, value);
  };
  const between = (name: string, value: number, least: number, most: number) => {
    if (!(value >= least && value <= most)) throw wrong(`${name} must lie within ${least}..${most}`, value);
  };
  whole("size", size, 16, 4096);
  if (flow !== "none") whole("flowSize", flowSize, 2, size);
  whole("jobs", jobs, 1, 256);
  if (frames !== undefined) whole("frames", frames, 1, 10000);
  between("eyeDistance", eyeDistance, 0.05, 0.9);
  between("eyeLine", eyeLine, 0.05, 0.95);
  between("leastScore", leastScore, 0.3, 1);
  oneOf("align", align, ["face", "none"]);
  oneOf("channels", channels, [1, 3]);
  oneOf("spot", spot, ["missing", "all", "none"]);
  oneOf("interpolation", interpolation, ["linear", "tim"]);
  oneOf("flow", flow, ["png", "npy", "none"]);
  const { magnify = null } = options;
  if (magnify !== null && !(magnify.alpha > 0 && magnify.low >= 0 && magnify.high > magnify.low)) {
    throw wrong(
      "magnify needs alpha > 0 and 0 <= low < high",
      `${magnify.alpha}, ${magnify.low}, ${magnify.high}`,
    );
  }
  const { left, top, width, height } = crop;
  if (
    !(left >= 0 && top >= 0 && width > 0 && height > 0 && left + width <= 1 + 1e-9 &&
      top + height <= 1 + 1e-9)
  ) {
    throw wrong(
      "crop (left, top, width, height) must lie within 0..1",
      `${left}, ${top}, ${width}, ${height}`,
    );
  }
  if (align === "face" && options.crop !== undefined) throw wrong('crop goes with align "none"', align);
  if (!images && frames === undefined && flow === "none") {
    throw wrong("something must be wanted: images, frames or flow", "none of them");
  }
  return {
    size,
    channels,
    align: align === "face"
      ? { kind: "face", eyeDistance, eyeLine, leastScore }
      : { kind: "none", crop: { left, top, width, height } },
    magnify: magnify === null ? null : { alpha: magnify.alpha, low: magnify.low, high: magnify.high },
    spot,
    clips: frames === undefined ? null : { frames, interpolation },
    flow: flow === "none" ? null : { format: flow, size: flowSize },
    images,
  };
}

function oneOf(name: string, value: unknown, known: readonly unknown[]): void {
  if (!known.includes(value)) throw wrong(`${name} must be one of ${known.join(", ")}`, value);
}

function wrong(rule: string, value: unknown): RangeError {
  return new RangeError(`Cannot prepare databases: ${rule}, current value is ${value}`);
}
