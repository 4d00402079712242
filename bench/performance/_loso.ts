import { root } from "../../tools/_deno.ts";
import { UserError } from "../../types.ts";
import { median } from "../_median.ts";
import { runPipelineFile } from "./_run_pipeline.ts";
import type { Row, Settings } from "./_settings.ts";
import { peer } from "./_steps.ts";

/** The pipeline, which names the steps of each stage. */
const pipeline = `${root}bench/performance/loso.yaml`;

/**
 * A whole run of ours with two jobs of one thread, against the peer that reads our plan and trains one fold after the other with
 * `settings.threads` threads. Both from start to end of their processes, the clips decoded beforehand.
 */
export async function compareLoso(settings: Settings): Promise<Row[]> {
  const folder = await Deno.makeTempDir();
  const ours: number[] = [], theirs: number[] = [];
  const data = `${folder}/data`;
  try {
    for (let turn = -1; turn < settings.turns; turn++) { // the first makes the databases and the cache of clips
      const out = `${folder}/run${turn}`;
      const seconds = await runPipelineFile(pipeline, { data, out, jobs: 2 });
      if (turn < 0) continue;
      ours.push(seconds);
      const begun = performance.now();
      const { code, output } = await peer(settings.python, [
        ...["loso", "--run", out, "--threads", String(settings.threads)],
      ]);
      if (code !== 0) throw new UserError(`bench/torch_peer.py failed: ${output.slice(-500)}`);
      theirs.push((performance.now() - begun) / 1000);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  return [{
    what: "LOSO over 8 synthetic subjects, three stages of 60 steps, width 16, 64x64, start to end",
    unit: "s",
    ours: median(ours),
    theirs: median(theirs),
    other: "PyTorch",
    result: median(ours) / median(theirs),
    limit: 0.5,
    kind: "ratio",
    turns: { ours, theirs },
  }];
}
