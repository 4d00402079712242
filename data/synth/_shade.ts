import type { FaceMaps } from "./_maps.ts";

/** The light of a recording. */
export interface Light {
  /** Where the main light comes from: negative is the left of the picture, radians. */
  readonly azimuth: number;
  /** How high it stands, radians. */
  readonly elevation: number;
  /** Share of the light that comes from everywhere, 0..1. */
  readonly ambient: number;
  /** Brightness of the picture, about 1. */
  readonly strength: number;
  /** Colour of the light: positive is warm. */
  readonly warmth: number;
}

/** A lit face: colours in 0..1 (three planes), and the light's direction for folds that appear later. */
export interface LitFace {
  readonly maps: FaceMaps;
  readonly rgb: Float32Array;
  readonly direction: readonly [u: number, v: number, z: number];
}

/** Lights the face at rest: wrapped Lambert (skin scatters), a sheen, and warm shadows. */
export function lightFace(maps: FaceMaps, light: Light): LitFace {
  const size = maps.n * maps.n, rgb = new Float32Array(3 * size);
  const direction = [
    Math.sin(light.azimuth) * Math.cos(light.elevation),
    -Math.sin(light.elevation),
    Math.cos(light.azimuth) * Math.cos(light.elevation),
  ] as const;
  const [lu, lv, lz] = direction;
  // Half way between the light and the viewer.
  const hl = Math.hypot(lu, lv, lz + 1), hu = lu / hl, hv = lv / hl, hz = (lz + 1) / hl;
  const red = light.strength * (1 + 0.06 * light.warmth), blue = light.strength * (1 - 0.09 * light.warmth);
  for (let i = 0; i < size; i++) {
    const gu = maps.slopeU[i]!, gv = maps.slopeV[i]!, inverse = 1 / Math.sqrt(1 + gu * gu + gv * gv);
    const facing = (-gu * lu - gv * lv + lz) * inverse;
    const wrapped = Math.max(0, (facing + 0.25) / 1.25);
    const half = Math.max(0, (-gu * hu - gv * hv + hz) * inverse),
      h4 = (half * half) ** 2,
      h16 = (h4 * h4) ** 2;
    const open = maps.open[i]!;
    const lit = (light.ambient + (1 - light.ambient) * 1.06 * wrapped) * open * (0.75 + 0.25 * inverse);
    const sheen = 0.2 * maps.gloss[i]! * h16 * h4 * open;
    const scatter = 0.05 * (1 - wrapped) * wrapped * 4 * maps.gloss[i]!;
    rgb[i] = maps.colour[i]! * red * (lit + scatter) + sheen;
    rgb[size + i] = maps.colour[size + i]! * light.strength * lit + sheen;
    rgb[2 * size + i] = maps.colour[2 * size + i]! * blue * lit + sheen * 0.95;
  }
  return { maps, rgb, direction };
}
