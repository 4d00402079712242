/** Gives a model's files by name: `model.json`, then those that it names. */
export type ModelFiles = (name: string) => Promise<Uint8Array>;
