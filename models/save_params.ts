import type { Params } from "../types.ts";
import { fileShape, toFileOrder } from "./_layout.ts";
import { writeSafetensors } from "./write_safetensors.ts";

/**
 * Parameters as a safetensors file in PyTorch's layout (kernels OIHW, linear weights (out, in)), float32, under their
 * own names: `torch.load_state_dict` takes them, and so does {@link loadParams}. Equal parameters give equal bytes.
 *
 * @example
 * ```ts
 * import { loadParams, relationClassifier, saveParams } from "@macro2micro/mer/models";
 * import { assertEquals } from "@std/assert";
 *
 * const model = relationClassifier({ channels: 8 });
 * const params = model.init(1);
 * const again = loadParams(model, await saveParams(params, { epoch: "3" }));
 * assertEquals(again["fc.bias"]?.dataSync(), params["fc.bias"]?.dataSync());
 * ```
 */
export async function saveParams(
  params: Params,
  metadata: Readonly<Record<string, string>> = {},
): Promise<Uint8Array> {
  const entries = await Promise.all(
    Object.entries(params).map(async ([name, tensor]) => {
      const data = toFileOrder(await tensor.data() as Float32Array, tensor.shape);
      return [name, { shape: fileShape(tensor.shape), data }] as const;
    }),
  );
  return writeSafetensors(Object.fromEntries(entries), metadata);
}
