// One repeat of bench/check.ts on one engine, in a process of its own: `_repeat.ts ENGINE` prints one line of JSON with the least
// processor time of each case, milliseconds. The cases take turns, so that a noisy minute falls on all of them.
import { startEngine } from "../../engine/mod.ts";
import { processorTime } from "../engine/_watch.ts";
import { cases } from "./_cases.ts";

const rounds = 30, milliseconds = 5;
await startEngine(Deno.args[0], { say: () => {} });
const list = Object.entries(cases()).map(([name, run]) => {
  const once = timeOf(run, 3) / 3; // warms up
  return {
    name,
    run,
    calls: Math.max(1, Math.ceil(milliseconds / Math.max(timeOf(run, 3) / 3, once / 100))),
  };
});
const least: Record<string, number> = {};
for (let round = 0; round < rounds; round++) {
  for (const { name, run, calls } of list) {
    least[name] = Math.min(least[name] ?? Infinity, timeOf(run, calls) / calls);
  }
}
console.log(JSON.stringify(least));
Deno.exit(0);

function timeOf(run: () => void, calls: number): number {
  const begun = processorTime();
  for (let i = 0; i < calls; i++) run();
  return processorTime() - begun;
}
