import { z } from "zod";

/** Which settings of a pipeline an inner selection may try: what is trained in a fold, nothing that MaNet or the cached clips depend on. */
export const innerPaths = [
  "stages.micro.steps",
  "stages.micro.batch",
  "stages.micro.learningRate",
  "stages.micro.decay",
  "stages.micro.start",
  "stages.guided.steps",
  "stages.guided.batch",
  "stages.guided.learningRate",
  "stages.guided.decay",
  "stages.guided.headsRate",
  "losses.classWeights",
  "losses.spatial.weight",
  "losses.relation.weight",
  "losses.temporal.weight",
  "losses.contrastive.weight",
  "losses.contrastive.temperature",
  "losses.contrastive.form",
  "losses.contrastive.reduction",
  "losses.reversal.schedule",
  "losses.reversal.scale",
  "sampling",
  "optimiser.weightDecay",
  "optimiser.beta1",
  "optimiser.beta2",
] as const;

const value = () => z.union([z.number(), z.string(), z.boolean()]);

/** `inner` of a pipeline: which settings are tried, on which splits, by which criterion. */
export const innerSchema = z.strictObject({
  grid: z.record(z.string(), z.array(value()).min(1)).optional().describe(
    "Settings by their path (stages.micro.learningRate), each with the values to try; all combinations are tried.",
  ),
  settings: z.array(z.record(z.string(), value())).min(2).optional().describe(
    "In place of a grid: the settings to try one by one, each as path and value; {} is the pipeline as it stands.",
  ),
  splits: z.int().min(2).optional().describe(
    "Groups that the training subjects are dealt into, each held out once; 4 without subjectsOut.",
  ),
  subjectsOut: z.int().positive().optional().describe("k, in place of splits: subjects held out at a time."),
  criterion: z.enum(["uf1", "uar", "accuracy"]).default("uf1").describe(
    "What the best setting is best in: a score pooled over the predictions of all inner splits, the mean over the rows.",
  ),
  seed: z.int().min(0).default(1).describe("Deals the subjects."),
});

/** `hde` of a pipeline. */
export const hdeSchema = z.strictObject({
  directions: z.array(z.strictObject({
    train: z.array(z.string()).min(1).describe("Databases to train on."),
    test: z.string().describe("The database to test."),
  })).min(1).describe("What trains and what is tested; each database is tested once at most."),
});

/** `identities` of a pipeline. */
export const identitiesSchema = z.array(
  z.array(z.string().regex(/^[^/]+\/.+$/, "must be database/subject")).min(2),
);
