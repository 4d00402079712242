/** The leaves in which two plain values differ, as lines "path: before -> now". */
export function differences(before: unknown, now: unknown, path = ""): string[] {
  if (isTree(before) && isTree(now)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(now)])];
    return keys.flatMap((key) => differences(before[key], now[key], path ? `${path}.${key}` : key));
  }
  const [a, b] = [JSON.stringify(before) ?? "(absent)", JSON.stringify(now) ?? "(absent)"];
  return a === b ? [] : [`${path}: ${a} -> ${b}`];
}

function isTree(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
