// What is wrong with a protocol, identities or an inner selection is told like everything else: path, line, value, nearest.
import { assertEquals, assertIsError, assertStringIncludes } from "@std/assert";
import { innerSettings } from "../../pipeline/inner_settings.ts";
import { readPipeline } from "../../pipeline/mod.ts";
import { UserError } from "../../types.ts";

async function read(yaml: string) {
  const file = await Deno.makeTempFile({ suffix: ".yaml" });
  try {
    await Deno.writeTextFile(file, yaml);
    return await readPipeline(file);
  } finally {
    await Deno.remove(file);
  }
}

const two = "name: x\nmicro: { databases: [casme2, samm] }\nmacro: { databases: [ckplus] }\n";
const hde = two + "protocol: hde\n";
const inner = two + "protocol: cde\nlosses: { spatial: {} }\nselection: inner\n";

const svm = (grid: string) =>
  `name: x\nmethod: lbp-top\nmicro: { databases: [casme2] }\nselection: inner\ninner: { grid: { ${grid} } }\n`;

const mistakes: [string, string, string[]][] = [
  ["hde over one database", hde.replace(", samm", ""), ["line 4: protocol", "two databases or more"]],
  [
    "directions without hde",
    two + "protocol: cde\nhde: { directions: [{ train: [samm], test: casme2 }] }\n",
    [
      "line 5: hde",
      "belongs to the protocol hde, found cde",
    ],
  ],
  ["a direction to an unknown database", hde + "hde: { directions: [{ train: [samn], test: casme2 }] }\n", [
    "line 5: hde.directions.0.train.0",
    'found "samn"',
    "did you mean samm?",
  ]],
  [
    "a database that trains and is tested",
    hde + "hde: { directions: [{ train: [samm, casme2], test: samm }] }\n",
    [
      "line 5: hde.directions.0.test",
      "samm is trained on in the same direction",
    ],
  ],
  [
    "a database that is tested twice",
    hde +
    "hde:\n  directions:\n    - { train: [samm], test: casme2 }\n    - { train: [samm], test: casme2 }\n",
    ["line 8: hde.directions.1.test", "casme2 is tested in another direction already"],
  ],
  ["an identity without its database", two + "protocol: cde\nidentities: [[sub01, samm/006]]\n", [
    "line 5: identities.0.0",
    'must be database/subject, found "sub01"',
  ]],
  [
    "an identity of a database that is not read",
    two + "protocol: cde\nidentities: [[casme2/sub01, smic/s1]]\n",
    [
      "line 5: identities.0.1",
      "the pipeline reads no database smic",
    ],
  ],
  ["an identity alone", two + "protocol: cde\nidentities: [[casme2/sub01]]\n", ["line 5: identities.0"]],
  [
    "a subject who is two persons",
    two + "protocol: cde\nidentities: [[casme2/sub01, samm/006], [casme2/sub01, samm/007]]\n",
    ["line 5: identities.1.0", "casme2/sub01 stands in identities twice"],
  ],
  ["a selection without what to try", inner, ["inner", "is missing"]],
  [
    "what to try without a selection",
    two + "protocol: cde\ninner: { grid: { sampling: [random, balanced] } }\n",
    [
      "line 5: inner",
      "is used by selection: inner alone",
    ],
  ],
  ["neither grid nor settings", inner + "inner: { splits: 3 }\n", ["line 7: inner", "found neither"]],
  [
    "splits and subjectsOut",
    inner + "inner: { grid: { sampling: [random, balanced] }, splits: 3, subjectsOut: 2 }\n",
    [
      "line 7: inner.subjectsOut",
    ],
  ],
  ["a mistyped path", inner + "inner:\n  grid:\n    stages.micro.learningrate: [0.1, 0.2]\n", [
    "line 9: inner.grid.stages.micro.learningrate",
    "did you mean stages.micro.learningRate?",
  ]],
  ["a setting of MaNet", inner + "inner: { grid: { stages.macro.steps: [1, 2] } }\n", [
    "inner.grid.stages.macro.steps",
    "MaNet and the cached clips are shared by all folds",
  ]],
  ["a wrong value in the grid", inner + "inner:\n  grid:\n    sampling: [random, balancd]\n", [
    "line 9: inner.grid.sampling.1",
    'found "balancd"',
    "did you mean balanced?",
  ]],
  [
    "a wrong number in a setting",
    inner + "inner:\n  settings:\n    - {}\n    - { stages.micro.learningRate: -1 }\n",
    [
      "line 10: inner.settings.1.stages.micro.learningRate",
      "found -1",
    ],
  ],
  ["a term that the pipeline lacks", inner + "inner: { grid: { losses.temporal.weight: [0.1, 0.2] } }\n", [
    "inner.grid.losses.temporal.weight",
    "add the key losses.temporal",
  ]],
  ["another method's setting", svm("sampling: [random, balanced]"), ["lbp-top has methodSettings"]],
  ["a setting that changes features", svm("methodSettings.patterns: [uniform, all]"), [
    "inner.grid.methodSettings.patterns",
    "features, which are made once for all folds",
  ]],
  ["a wrong value of a method's setting", svm("methodSettings.svm.kernel: [linear, cubic]"), [
    "inner.grid.methodSettings.svm.kernel.1",
    'found "cubic"',
  ]],
  ["a grid of one setting", inner + "inner: { grid: { sampling: [random] } }\n", [
    "there is nothing to choose",
  ]],
  ["a setting twice", inner + "inner: { grid: { sampling: [random, random] } }\n", ["tries a setting twice"]],
  ["too many settings", inner + `inner: { grid: { stages.micro.steps: [${[...Array(65).keys()]}] } }\n`, [
    "65 settings",
  ]],
];
for (const [name, yaml, expected] of mistakes) {
  Deno.test(`readPipeline names ${name}`, async () => {
    const error = await read(yaml).then(() => undefined, (e) => e);
    assertIsError(error, UserError);
    assertEquals(error.exitCode, 2);
    assertStringIncludes(error.message, "1 problem.");
    for (const part of expected) assertStringIncludes(error.message, part);
  });
}

Deno.test("several problems of a selection come at once, in the file's order", async () => {
  const yaml = inner +
    "inner:\n  grid:\n    sampling: [randm, balanced]\n    optimiser.beta1: [2]\n  criterion: f1\n";
  const error = await read(yaml).catch((e) => e);
  assertIsError(error, UserError);
  assertStringIncludes(error.message, "inner.criterion"); // a wrong key or value of the schema comes before the rules
  const rules = await read(yaml.replace("  criterion: f1\n", "")).catch((e) => e);
  assertStringIncludes(rules.message, "2 problems");
  const lines = rules.message.split("\n").slice(1).map((line: string) => line.trim().split(": ")[0]);
  assertEquals(lines, ["line 9", "line 10"]);
});

Deno.test("a grid is all combinations, the last path changing fastest; settings are tried as listed", async () => {
  const grid = await read(
    inner + "inner: { grid: { stages.micro.learningRate: [0.1, 0.2], sampling: [random, balanced] } }\n",
  );
  const tried = innerSettings(grid);
  assertEquals(tried.map(({ pipeline: { stages, sampling } }) => [stages.micro.learningRate, sampling]), [
    [0.1, "random"],
    [0.1, "balanced"],
    [0.2, "random"],
    [0.2, "balanced"],
  ]);
  assertEquals(tried[1]!.name, "stages.micro.learningRate 0.1, sampling balanced");
  const { inner: _, ...rest } = grid;
  assertEquals(tried[0]!.pipeline, {
    ...rest,
    selection: "none",
    stages: { ...rest.stages, micro: { ...rest.stages.micro, learningRate: 0.1 } },
  });
  const kernels = innerSettings(await read(svm("methodSettings.svm.kernel: [linear, rbf]")));
  assertEquals(
    kernels.map(({ pipeline }) => (pipeline.methodSettings?.["svm"] as { kernel: string }).kernel),
    [
      "linear",
      "rbf",
    ],
  );
  const listed = await read(inner + "inner: { settings: [{}, { losses.spatial.weight: 0.5 }] }\n");
  assertEquals(innerSettings(listed).map(({ name, pipeline }) => [name, pipeline.losses.spatial?.weight]), [
    ["as given", 0.1],
    ["losses.spatial.weight 0.5", 0.5],
  ]);
});
