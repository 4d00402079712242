import { isAbsolute } from "node:path";
import type { Pipeline } from "./schema.ts";

/**
 * The file of pretrained weights that a pipeline names, whatever its method; undefined where it names none.
 *
 * @param data The folder of the databases, which the file is relative to.
 */
export function pretrainedFile({ network, methodSettings }: Pipeline, data: string): string | undefined {
  const file = network.pretrained ?? methodSettings?.pretrained as string | undefined;
  return file === undefined || isAbsolute(file) ? file : `${data}/${file}`;
}
