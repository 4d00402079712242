import { assertEquals } from "@std/assert";
import { medianOf } from "../../../data/flow/_median_network.ts";
import { seededRandom } from "../../../engine/random.ts";
import { assemble, f32x4, type Local } from "../../../engine/assemble.ts";

for (const count of [3, 9, 25]) {
  Deno.test(`medianOf() is the middle of ${count} sorted values in each lane`, () => {
    const memory = new WebAssembly.Memory({ initial: 1 });
    const code = assemble({
      run: {
        parameters: ["i32"],
        body: ([at], local) => {
          const address = (at as Local).get;
          const values = Array.from({ length: count }, (_, i) => f32x4.load(address, 16 * (i + 1)));
          const { code, result } = medianOf(values, () => local("v128"));
          return [...code, ...f32x4.store(address, result.get)];
        },
      },
    });
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(code), { env: { memory } });
    const floats = new Float32Array(memory.buffer), random = seededRandom(count);
    for (let round = 0; round < 200; round++) {
      // Few different values, so that many are equal.
      for (let i = 0; i < 4 * count; i++) floats[4 + i] = random.integer(round % 2 ? 5 : 1000) - 2;
      (exports["run"] as (at: number) => void)(0);
      for (let lane = 0; lane < 4; lane++) {
        const values = Array.from({ length: count }, (_, i) => floats[4 * (i + 1) + lane]!).sort((a, b) =>
          a - b
        );
        assertEquals(floats[lane], values[(count - 1) / 2]);
      }
    }
  });
}
