import { startEngine } from "../../engine/mod.ts";

/** Registers a test on the cpu and wasm engines, and on the engine that `M2M_ENGINE` names if that is another one. */
export function onBackends(name: string, test: () => void | Promise<void>): void {
  for (const engine of new Set(["cpu", "wasm", Deno.env.get("M2M_ENGINE") || "wasm"])) {
    Deno.test(`${name} (${engine})`, async () => {
      await startEngine(engine, { say: () => {} });
      await test();
    });
  }
}
