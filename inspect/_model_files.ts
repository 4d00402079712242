import { folderFiles } from "../predict/folder_files.ts";
import { membersOf } from "../predict/members_of.ts";
import { readModelDescription } from "../predict/model_description.ts";
import { UserError } from "../types.ts";

/** Which of a model's networks. */
export interface ModelChoice {
  /** One network of an ensemble by its name: the fold, such as `casme2/sub05`. @default {all of them, as an ensemble} */
  readonly member?: string;
  /** Of a run folder: the row of the ablation. @default {the last one, which is the full method} */
  readonly row?: string;
  /** Of a run folder: the seed. @default {the first one} */
  readonly seed?: number;
}

/** A model as the page loads it. */
export interface OwnModel {
  readonly name: string;
  /** Whether its clips are cut out by faces. */
  readonly needsFaces: boolean;
  /** `model.json` and the networks, by their names in the model's folder. */
  readonly files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
}

/** The page holds all networks at once, beside what the browser needs of a tab's memory. */
const mostBytes = 1e9;

/**
 * Reads a model with the chosen networks.
 *
 * @throws {UserError} if there is none, or it is too large for a page.
 */
export async function modelFiles(model: string, { member, ...ofRun }: ModelChoice): Promise<OwnModel> {
  const read = await folderFiles(model, ofRun);
  const whole = readModelDescription(await read("model.json"), `${model}/model.json`);
  const members = membersOf(whole, member, model);
  const description = new TextEncoder().encode(JSON.stringify({ ...whole, members }));
  const files = new Map<string, Uint8Array<ArrayBuffer>>([["model.json", description]]);
  let bytes = 0;
  for (const { file } of members) {
    const content = await read(file) as Uint8Array<ArrayBuffer>;
    bytes += content.length;
    if (bytes > mostBytes) {
      throw new UserError(
        `The ${members.length} networks of ${model} are more than a page can hold (${
          mostBytes / 1e9
        } GB); choose one with --fold, such as ${members[0]!.name}.`,
      );
    }
    files.set(file, content);
  }
  return { name: whole.name, needsFaces: whole.preparation.align.kind === "face", files };
}
