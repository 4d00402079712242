import { type DatabaseReading, type Sample, UserError } from "../../types.ts";
import { compositeClasses, readComposite, readCompositeList } from "../composite.ts";
import { applyLabelMap, readLabelMap } from "../label_map.ts";

/** A clip's place in the manifest of flow pictures. */
export type FlowLabel = { readonly subject: string; readonly clip: string; readonly label: number };

/**
 * Which clips get a flow picture, under which name and class. With the composite's list: its clips of the micro databases, by its names, and of
 * the macro databases those with a counterpart among its classes. Without: the clips of one micro database's class set.
 */
export async function flowLabels(
  readings: readonly DatabaseReading[],
  list: string | undefined,
): Promise<{ labels: Map<Sample["source"], FlowLabel>; classes: readonly string[] }> {
  const isMacro = ({ database }: DatabaseReading) => database === "ckplus" || database === "mmi";
  const micro = readings.filter((reading) => !isMacro(reading)), macro = readings.filter(isMacro);
  const labels = new Map<Sample["source"], FlowLabel>();
  const add = ({ source, subject, clip, classIndex }: Sample & { readonly classIndex: number }) =>
    labels.set(source, { subject, clip, label: classIndex });
  if (list === undefined && micro.length > 0) {
    const [reading] = micro, set = reading && classSets[reading.database];
    if (reading === undefined || set === undefined || readings.length > 1) {
      throw new UserError(
        `Cannot label flow pictures of ${
          readings.map(({ database }) => database).join(", ")
        }: name the official list of the composite with --list, prepare one database at a time, or leave them out with --flow none.`,
      );
    }
    const map = await readLabelMap(set);
    applyLabelMap(reading.samples, map, map.classes).samples.forEach(add);
    return { labels, classes: map.classes };
  }
  if (list !== undefined) {
    const known = new Set(micro.map(({ database }) => database));
    const entries = (await readCompositeList(list)).filter(({ database }) => known.has(database));
    (await readComposite(entries, micro)).samples.forEach(add);
  }
  for (const reading of macro) {
    const map = await readLabelMap(`${reading.database}-to-composite`);
    applyLabelMap(reading.samples, map, compositeClasses).samples.forEach(add);
  }
  return { labels, classes: compositeClasses };
}

const classSets: Readonly<Record<string, string>> = { casme2: "casme2-5", samm: "samm-5", smic: "smic-3" };
