export async function checkEngines(_json: boolean): Promise<number> {
  return await 0;
}
