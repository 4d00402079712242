import { assertEquals, assertIsError, assertStringIncludes } from "@std/assert";
import { definePipeline, readPipeline } from "../../pipeline/mod.ts";
import { UserError } from "../../types.ts";

async function problemsOf(yaml: string): Promise<string> {
  const file = await Deno.makeTempFile({ suffix: ".yaml" });
  try {
    await Deno.writeTextFile(file, yaml);
    await readPipeline(file);
  } catch (error) {
    assertIsError(error, UserError);
    assertEquals(error.exitCode, 2);
    assertEquals(error.message.includes("    at "), false);
    return error.message;
  } finally {
    await Deno.remove(file);
  }
  throw new Error("the pipeline was accepted");
}

const good = `name: x
micro: { databases: [casme2] }
macro: { databases: [ckplus] }
`;

Deno.test("readPipeline fills in the paper's weights for terms that are only named", async () => {
  const file = await Deno.makeTempFile({ suffix: ".yaml" });
  await Deno.writeTextFile(
    file,
    good + "losses: { spatial: {}, relation: {}, temporal: {}, contrastive: {} }\n",
  );
  const { losses, stages } = await readPipeline(file);
  await Deno.remove(file);
  assertEquals(
    [losses.spatial?.weight, losses.relation?.weight, losses.temporal?.weight, losses.contrastive?.weight],
    [0.1, 0.2, 0.2, 0.1],
  );
  assertEquals(stages.guided.macroNetwork, "frozen");
});

const mistakes: [string, string, string[]][] = [
  ["a mistyped key", good + "netwrok: { width: 8 }\n", ["line 4: netwrok", "did you mean network?"]],
  ["a mistyped key deep inside", good + "network:\n  intervals:\n    cuont: 2\n", [
    "line 6: network.intervals.cuont",
    "did you mean count?",
  ]],
  ["a mistyped value", good.replace("casme2", "casme"), [
    "line 2: micro.databases.0",
    '"casme"',
    "did you mean casme2?",
  ]],
  ["a text for a number", good + "clip: { size: big }\n", ["line 4: clip.size", 'found "big"']],
  ["a negative number", good + "clip: { frames: -3 }\n", ["line 4: clip.frames", "found -3"]],
  ["a missing key", "name: x\n", ["micro", "is missing"]],
  ["no YAML", "name: [x\n", ["not YAML"]],
  ["an empty file", "", ["no keys"]],
  ["a list", "- a\n- b\n", ["no keys"]],
  ["an interval as long as the clip", good + "clip: { frames: 4 }\n", ["the longest interval 2^(3-1) = 4"]],
  [
    "a sequence that leaves the clip",
    good + "network: { intervals: { kind: sequence, sequenceLength: 4 } }\n",
    ["12", "found K = 4"],
  ],
  [
    "a contrastive term without macro",
    "name: x\nmicro: { databases: [casme2] }\nlosses: { contrastive: {} }\n",
    ["line 3: losses.contrastive", "add the key macro"],
  ],
  [
    "a relation term without a temporal stream",
    good + "network: { streams: spatial }\nlosses: { relation: {} }\n",
    ["line 5: losses.relation", "temporal stream"],
  ],
  ["several databases under loso", good.replace("[casme2]", "[casme2, smic]"), ["protocol", "use cde"]],
  ["a database twice", good.replace("[casme2]", "[casme2, casme2]") + "protocol: cde\n", [
    "names something twice",
  ]],
  ["a synthetic database without subjects", good.replace("ckplus", "mmi") + "synthetic: {}\n", [
    "line 4: synthetic.subjects.mmi",
    "is 0, but the pipeline reads mmi",
  ]],
  ["synthetic frames that are too large", good + "synthetic: { size: 5000 }\n", [
    "line 4: synthetic.size",
    "found 5000",
  ]],
  [
    "class sets for ststnet",
    "name: x\nmethod: ststnet\nmicro: { databases: [samm], classes: samm-5 }\nflow: {}\n",
    [
      "line 3: micro.classes",
      "flow images have the classes composite, found samm-5",
    ],
  ],
  [
    "what trains macro2micro, of another method",
    "name: x\nmethod: ststnet\nmicro: { databases: [casme2] }\nflow: {}\n" +
    "stages: { micro: { steps: 170 } }\nsampling: balanced\nlosses: { classWeights: balanced }\n",
    [
      "3 problems",
      "line 5: stages: belongs to macro2micro; ststnet has methodSettings",
      "line 6: sampling: belongs to macro2micro",
      "line 7: losses.classWeights: belongs to macro2micro",
    ],
  ],
];
for (const [name, yaml, expected] of mistakes) {
  Deno.test(`readPipeline names ${name}`, async () => {
    const message = await problemsOf(yaml);
    for (const part of expected) assertStringIncludes(message, part);
  });
}

Deno.test("readPipeline tells all problems at once", async () => {
  const message = await problemsOf(good + "seeed: 3\nclip: { size: 0 }\nsampling: randm\n");
  assertStringIncludes(message, "3 problems");
  const lines = message.split("\n").slice(1);
  const parts = ["line 4: seeed", "line 5: clip.size", "line 6: sampling"]; // in the file's order
  assertEquals(lines.map((line) => line.trim().split(": ").slice(0, 2).join(": ")), parts);
  assertStringIncludes(message, "did you mean random?");
});

Deno.test("readPipeline names a file that is not there", async () => {
  const error = await readPipeline("experiments/dmo.yaml").catch((e) => e);
  assertIsError(error, UserError, "experiments/dmo.yaml: there is no such file");
});

Deno.test("definePipeline refuses wrong compositions when compiled", () => {
  const d = definePipeline, name = "x";
  const micro = { databases: ["casme2" as const] };
  const macro = { databases: ["ckplus" as const] };
  const refused: (() => unknown)[] = [
    // @ts-expect-error a relation task without a temporal stream
    () => d({ name, micro, macro, network: { streams: "spatial" }, losses: { relation: {} } }),
    // @ts-expect-error a contrastive term without a macro source
    () => d({ name, micro, losses: { contrastive: {} } }),
    // @ts-expect-error an appearance term without a spatial stream
    () => d({ name, micro, macro, network: { streams: "temporal" }, losses: { spatial: {} } }),
    // @ts-expect-error flow for a method that reads frames
    () => d({ name, micro, macro, flow: {} }),
    // @ts-expect-error guidance for a comparison method
    () => d({ name, method: "ststnet", micro, macro, flow: {} }),
    // @ts-expect-error an ablation row without a macro source
    () => d({ name, micro, rows: ["all"] }),
    // @ts-expect-error an unknown key
    () => d({ name, micro, macro, sampler: "random" }),
  ];
  for (const compose of refused) {
    let error: unknown;
    try {
      compose();
    } catch (e) {
      error = e;
    }
    assertIsError(error, UserError); // JavaScript callers are refused at run time
  }
});
