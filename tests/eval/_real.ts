/** The folder of real inputs, if this machine has one. */
export const realData: string | undefined = Deno.env.get("M2M_REAL_DATA") || undefined;

/** Registers a test that needs real inputs; without them it is skipped and says so. */
export function realTest(name: string, test: (folder: string) => void | Promise<void>): void {
  if (realData === undefined) {
    Deno.test({ name: `${name} (skipped: no real data)`, ignore: true, fn: () => {} });
  } else Deno.test(name, () => test(realData));
}
