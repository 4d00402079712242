import { root } from "../../tools/_deno.ts";
import { UserError } from "../../types.ts";
import { median } from "../_median.ts";
import type { Row } from "./_settings.ts";

/** Seconds from start to end of `m2m --help` and of `deno eval 0`, ten times in turn. */
export async function compareStartUp(): Promise<Row[]> {
  const config = Deno.env.get("M2M_CONFIG");
  if (!config) throw new Error("M2M_CONFIG is not set: start through `deno task`");
  const help: number[] = [], nothing: number[] = [];
  for (let turn = -1; turn < 10; turn++) { // the first warms up
    const pair = [
      await seconds(["run", "-A", "--config", config, `${root}cli.ts`, "--help"]),
      await seconds(["eval", "--no-config", "0"]),
    ] as const;
    if (turn < 0) continue;
    help.push(pair[0]);
    nothing.push(pair[1]);
  }
  return [{
    what: "start-up: m2m --help less deno eval 0",
    unit: "s",
    ours: median(help),
    theirs: median(nothing),
    other: "deno eval 0",
    result: median(help) - median(nothing),
    limit: 0.25,
    kind: "difference",
    turns: { ours: help, theirs: nothing },
  }];
}

async function seconds(args: readonly string[]): Promise<number> {
  const begun = performance.now();
  const { success } = await new Deno.Command(Deno.execPath(), { args: [...args], stdin: "null" }).output();
  if (!success) throw new UserError(`deno ${args.join(" ")} failed.`);
  return (performance.now() - begun) / 1000;
}
