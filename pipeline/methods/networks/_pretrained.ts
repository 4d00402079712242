import { loadParams, readSafetensors } from "../../../models/mod.ts";
import { type Model, type Params, UserError } from "../../../types.ts";
import { replaceParams } from "../../stages/params.ts";

/** Puts a file's tensors in place of the drawn ones below each prefix; what else the file holds is left aside. */
export function startFrom<Input, Output>(
  model: Model<Input, Output>,
  file: string,
  prefixes: readonly string[],
): (params: Params) => Promise<Params> {
  return async (params) => {
    const bytes = await Deno.readFile(file).catch((error) => {
      throw new UserError(
        `Cannot read the pretrained weights ${file}: ${
          error instanceof Deno.errors.NotFound ? "there is no such file" : error.message
        }; put the file there or change methodSettings.pretrained.`,
      );
    });
    const { tensors } = readSafetensors(bytes, { file });
    for (const prefix of prefixes) {
      const wanted = model.parameters.map(({ name }) => name).filter((name) => name.startsWith(prefix));
      const found = wanted.flatMap((name) => {
        const tensor = tensors.get(name.slice(prefix.length));
        return tensor ? [[name.slice(prefix.length), tensor] as const] : [];
      });
      replaceParams(params, loadParams(model, Object.fromEntries(found), { prefix, file })); // names what is missing
    }
    return params;
  };
}
