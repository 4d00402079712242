/** Dark to bright; lightness rises evenly, so that it reads in grey too. */
const anchors = [[13, 8, 41], [86, 21, 110], [163, 44, 96], [229, 92, 48], [251, 182, 26], [
  252,
  255,
  164,
]] as const;

/** A colour for a part of the greatest value. */
export function heatColour(part: number): [number, number, number] {
  const place = Math.min(1, Math.max(0, part)) * (anchors.length - 1),
    i = Math.min(anchors.length - 2, Math.floor(place));
  const mix = (c: 0 | 1 | 2) =>
    Math.round(anchors[i]![c] + (place - i) * (anchors[i + 1]![c] - anchors[i]![c]));
  return [mix(0), mix(1), mix(2)];
}
