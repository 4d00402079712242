import { z } from "zod";
import { comparisonMethods, type ComparisonName } from "./comparison_methods.ts";
import { hdeSchema, identitiesSchema, innerSchema } from "./protocol_schema.ts";

/** The six rows of the paper's Tables 2 and 3 by the name of their folder, with the terms that each keeps. */
export const ablationRows = {
  lc: { title: "L_c", terms: [] },
  lc_ls: { title: "L_c + L_s", terms: ["spatial"] },
  lc_lsam_lt: { title: "L_c + L_sam + L_t", terms: ["relation", "temporal"] },
  lc_ls_lsam_lt: { title: "L_c + L_s + L_sam + L_t", terms: ["spatial", "relation", "temporal"] },
  lc_lcon: { title: "L_c + L_con", terms: ["contrastive"] },
  all: { title: "all (Eq. 8)", terms: ["spatial", "relation", "temporal", "contrastive"] },
} as const satisfies Record<string, { title: string; terms: readonly GuidanceTerm[] }>;

/** The terms of Eq. 8 beside L_c, in the order of their weights: L_s, L_sam, L_t, L_con. */
export const guidanceTerms = ["spatial", "relation", "temporal", "contrastive"] as const;
/** A term of Eq. 8 beside L_c. */
export type GuidanceTerm = typeof guidanceTerms[number];
/** The folder name of an ablation row. */
export type RowName = keyof typeof ablationRows;
const comparisonNames = Object.keys(comparisonMethods) as [ComparisonName, ...ComparisonName[]];
const rowNames = Object.keys(ablationRows) as [RowName, ...RowName[]];

const count = () => z.int().positive();
const fraction = () => z.number().min(0).max(1);
const weight = (paper: number) => z.number().min(0).default(paper);

const augmentSchema = z.strictObject({
  flip: fraction().default(0.5).describe("Probability of mirroring a clip left to right."),
  rotation: z.number().min(0).max(45).default(5).describe("Largest turn, degrees."),
  translation: fraction().default(0.03).describe("Largest shift, as a part of the frame's side."),
  scale: z.number().min(0).max(0.9).default(0.05).describe("Largest change of size, as a part of 1."),
  crop: z.number().min(0.05).max(1).default(1).describe(
    "Smallest part of the side that a crop at a random place keeps.",
  ),
  brightness: fraction().default(0.1).describe("Largest change of brightness, as a part of the full range."),
  contrast: fraction().default(0.1).describe("Largest change of contrast, as a part of 1."),
});

const stageSchema = (steps: number, learningRate: number) =>
  z.strictObject({
    steps: z.int().min(0).default(steps).describe("Optimisation steps."),
    batch: count().default(8).describe("n: clips of each kind in a step."),
    learningRate: z.number().positive().default(learningRate).describe("At the first step."),
    decay: z.enum(["constant", "cosine"]).default("constant").describe("How the learning rate goes on."),
  });

const microSchema = z.strictObject({
  databases: z.array(z.enum(["casme2", "smic", "samm"])).min(1).describe(
    "Micro-expression databases, folders of --data.",
  ),
  classes: z.string().default("composite").describe(
    "The classes: composite (negative, positive, surprise from the official list), or a class set of data/class_sets/.",
  ),
  list: z.string().default("combined_3class_gt.csv").describe(
    "The official list of the MEGC2019 composite, relative to --data; read when classes is composite.",
  ),
});

const macroSchema = z.strictObject({
  databases: z.array(z.enum(["ckplus", "mmi"])).min(1).describe(
    "Macro-expression databases, folders of --data.",
  ),
  labelMaps: z.array(z.string()).optional().describe(
    "A label map for each macro database; by default data/label_maps/<macro>-to-<classes>.yaml.",
  ),
});

const flowSchema = z.strictObject({
  folder: z.string().default("flow").describe("A folder of --data with manifest.csv and 8-bit flow images."),
});

const syntheticSchema = z.strictObject({
  seed: z.int().min(0).max(2 ** 32).default(1),
  subjects: z.strictObject({
    casme2: z.int().min(0).max(500).default(4),
    smic: z.int().min(0).max(500).default(4),
    samm: z.int().min(0).max(500).default(4),
    ckplus: z.int().min(0).max(500).default(12),
    mmi: z.int().min(0).max(500).default(0),
  }).prefault({}).describe("Subjects of each database."),
  clipsPerSubject: count().max(500).default(6).describe("About so many micro clips of each subject."),
  size: z.int().min(16).max(1024).default(96).describe("Width of a frame, pixels."),
  microIntensity: z.number().gt(0).max(1).default(0.28).describe(
    "Strength of micro-expressions, 1 the strongest movement.",
  ),
  balance: z.enum(["balanced", "real"]).default("balanced").describe(
    "Classes about equally often, or as in the real databases.",
  ),
});

const clipSchema = z.strictObject({
  frames: count().default(8).describe(
    "T: frames that a clip is interpolated to, onset to offset. The paper leaves it open.",
  ),
  size: count().default(112).describe("Side of the square input, pixels. The paper leaves it open."),
  channels: z.union([z.literal(1), z.literal(3)]).default(3).describe("1 grey, 3 colour."),
  interpolation: z.enum(["linear", "tim"]).default("linear").describe(
    "How T frames are made: linear blends, or tim, the temporal interpolation model (Zhou et al. 2011). The paper leaves it open.",
  ),
  normalise: z.enum(["imagenet", "clip"]).default("clip").describe(
    "imagenet: torchvision's mean and deviation; clip: each clip to mean 0 and deviation 1. Nothing is measured over the data.",
  ),
  reference: z.enum(["none", "onset"]).default("none").describe(
    "none: frames as they are (the paper); onset: every frame less the first, so that only what moves is left.",
  ),
  augment: augmentSchema.optional().describe(
    "Random changes of training clips, the same for all frames of a clip; off in testing.",
  ),
});

const intervalsSchema = z.strictObject({
  count: count().default(3).describe("s_c: intervals 1, 2, 4, ..., 2^(s_c-1). The paper leaves it open."),
  kind: z.enum(["mean", "sequence"]).default("mean").describe(
    "v(s): mean over frames 0, s, 2s, ..., or K frames in sequence.",
  ),
  sequenceLength: count().optional().describe("K, for sequence: (K-1) 2^(s_c-1) < T."),
  randomOffset: z.boolean().default(false).describe("Start at a random frame below s in training."),
});

const networkSchema = z.strictObject({
  streams: z.enum(["both", "spatial", "temporal"]).default("both"),
  width: count().default(64).describe("Channels of ResNet18's first stage; 64 is the standard network."),
  stem: z.enum(["imagenet", "small"]).default("imagenet").describe(
    "imagenet: 7x7 stride 2 and max-pool; small: 3x3 stride 1.",
  ),
  videoFeature: z.enum(["auto", "mean", "intervals"]).default("auto").describe(
    "auto: intervals in rows with L_sam, mean in the others; mean (section 2.2) or intervals (section 2.4) forces one for all.",
  ),
  intervals: intervalsSchema.prefault({}),
  pretrained: z.string().optional().describe(
    "ImageNet ResNet18 weights, a safetensors file with torchvision's names, relative to --data.",
  ),
});

const lossesSchema = z.strictObject({
  classWeights: z.enum(["none", "balanced"]).default("none").describe(
    "Weights of the classes in L_c, from the training clips.",
  ),
  spatial: z.strictObject({ weight: weight(0.1) }).optional().describe("L_s, Eq. 2, weight lambda 1."),
  relation: z.strictObject({ weight: weight(0.2) }).optional().describe("L_sam, Eq. 3, weight lambda 2."),
  temporal: z.strictObject({ weight: weight(0.2) }).optional().describe("L_t, Eq. 4, weight lambda 3."),
  contrastive: z.strictObject({
    weight: weight(0.1),
    temperature: z.number().positive().default(0.5).describe(
      "tau. The paper leaves it open. Khosla's 0.1 (the default of contrastiveLoss) lets the self term of the paper's form outweigh all others.",
    ),
    form: z.enum(["paper", "supcon"]).default("paper").describe(
      "paper: Eq. 6-7 as printed; supcon: Khosla et al. 2020.",
    ),
    reduction: z.enum(["sum", "mean"]).default("mean").describe("Over the anchors that have a positive."),
  }).optional().describe("L_con, Eq. 5-7, weight lambda 4."),
  reversal: z.strictObject({
    schedule: z.enum(["constant", "ganin"]).default("ganin").describe(
      "ganin: 2/(1+exp(-10 p))-1 over the stage.",
    ),
    scale: z.number().min(0).default(1).describe("The scale, or the end of the schedule."),
  }).prefault({}).describe("The gradient reversal layers of L_s and L_t."),
});

/** The section `slurm` of a pipeline; the flags of `m2m run` are checked by it too. */
export const slurmSchema = z.strictObject({
  partition: z.string().regex(/^[\w.,-]+$/, "must be the name of a partition").optional(),
  account: z.string().regex(/^[\w.-]+$/, "must be the name of an account").optional(),
  // Text only: YAML 1.1, which some parsers follow, reads 2:00:00 without quotes as the number 7200.
  time: z.string('must be text in quotes, such as "2:00:00"').regex(
    /^(\d+|\d+:\d\d|\d+:\d\d:\d\d|\d+-\d+(:\d\d(:\d\d)?)?)$/,
    "must be minutes, or M:SS, H:MM:SS, D-H, D-H:MM, D-H:MM:SS",
  ).optional().describe("Time limit of a job, in quotes, as sbatch writes it: minutes, H:MM:SS, D-HH:MM:SS."),
  memory: z.string().regex(/^\d+[KMGT]?$/, "must be a number with K, M, G or T, such as 8G").optional()
    .describe("Memory of a job, such as 8G; without a letter megabytes."),
  gpus: z.union([
    z.int().min(0),
    z.string().regex(/^(\d+|[\w.-]+:\d+)$/, "must be a number, or a kind and a number such as a100:1"),
  ]).optional().describe("GPUs of a job: a number, or kind:number."),
  cpus: count().optional().describe("Processors of a job; threadsPerFold by default."),
  maxTasks: count().optional().describe("At most so many folds of a seed at once."),
  lines: z.array(z.string().regex(/^-\S/, "must begin with -, such as --constraint=a100")).default([])
    .describe(
      "Further options of sbatch, each as it stands after #SBATCH.",
    ),
  setup: z.array(z.string()).default([]).describe(
    "Lines of shell before the work, such as module load cuda.",
  ),
});

/** How the jobs of a run are submitted to Slurm. */
export type SlurmSettings = z.output<typeof slurmSchema>;

/** The one schema of a pipeline: TypeScript's types, the check of YAML files and the JSON Schema come from it. */
export const pipelineSchema = z.strictObject({
  $schema: z.string().optional().describe("The JSON Schema, for editors."),
  name: z.string().regex(/^[\w.-]+$/, "must be letters, digits, dots, dashes").describe(
    "Names the default run folder.",
  ),
  description: z.string().optional(),
  method: z.enum(["macro2micro", ...comparisonNames]).default("macro2micro").describe(
    "macro2micro is the paper's; the others are comparison methods.",
  ),
  methodSettings: z.record(z.string(), z.unknown()).optional().describe(
    "Settings of a comparison method, each with its paper's value as default (docs/methods.md).",
  ),
  micro: microSchema,
  macro: macroSchema.optional(),
  flow: flowSchema.optional(),
  synthetic: syntheticSchema.optional().describe(
    "Made under --data when absent; leave out for real databases.",
  ),
  clip: clipSchema.prefault({}),
  network: networkSchema.prefault({}),
  losses: lossesSchema.prefault({}),
  stages: z.strictObject({
    macro: stageSchema(2000, 1e-4).prefault({}).describe("(a) MaNet on macro data, Eq. 1."),
    micro: stageSchema(1000, 1e-4).extend({
      start: z.enum(["scratch", "macro"]).default("scratch").describe(
        "scratch: fresh (or ImageNet's) weights; macro: those of MaNet, so that both networks begin as one. Open in the paper.",
      ),
    }).prefault({}).describe(
      "(b) MiNet on micro data, Eq. 1.",
    ),
    guided: stageSchema(1000, 1e-4).extend({
      macroNetwork: z.enum(["frozen", "trained"]).default("frozen").describe(
        "Whether MaNet stays as it is in (c).",
      ),
      macroCopies: count().default(1).describe(
        "Copies of each macro clip whose maps a frozen MaNet gives: the clip itself and, with clip.augment, changed ones.",
      ),
      headsRate: z.number().positive().default(1).describe(
        "How many times as fast as MiNet the heads D_s, D_t and C_s learn. The paper leaves it open; adversaries of this kind often take 10.",
      ),
    }).prefault({}).describe("(c) MiNet under guidance, Eq. 8."),
  }).prefault({}),
  sampling: z.enum(["random", "balanced"]).default("random").describe(
    "random is the paper's; balanced over classes.",
  ),
  optimiser: z.strictObject({
    weightDecay: z.number().min(0).default(0),
    beta1: fraction().default(0.9),
    beta2: fraction().default(0.999),
  }).prefault({}).describe("Adam."),
  protocol: z.enum(["loso", "cde", "hde"]).default("loso").describe(
    "loso: one database, a fold for each subject; cde: the same over the composite of several databases; hde: train on some databases, test on another.",
  ),
  hde: hdeSchema.optional().describe(
    "The directions of hde; without it each database is tested in turn by networks trained on all others.",
  ),
  identities: identitiesSchema.optional().describe(
    "Groups of subjects, each as database/subject, that are one person: held out together, and left out of training where another of their subjects is tested.",
  ),
  selection: z.enum(["none", "inner"]).default("none").describe(
    "inner: each fold chooses its settings on splits of its own training subjects; none: the settings as given.",
  ),
  inner: innerSchema.optional().describe("What selection: inner tries, and how."),
  rows: z.array(z.enum(rowNames)).min(1).optional().describe(
    "Ablation rows; the last is the one that stands at the top of the run folder. By default the losses as given.",
  ),
  shuffleLabels: z.boolean().default(false).describe(
    "Train on shuffled labels: a check that scores then fall to chance.",
  ),
  seeds: z.array(z.int().min(0)).min(1).default([1]),
  engine: z.enum(["auto", "native", "wasm", "cpu", "webgpu"]).default("auto"),
  threadsPerFold: count().default(1),
  slurm: slurmSchema.optional().describe(
    "How --launcher slurm submits the jobs. It is no part of what a run computes: it may change between a run and --resume.",
  ),
  keepCheckpoints: z.enum(["all", "macro"]).default("all").describe(
    "all: MaNet and every fold's MiNet; macro: MaNet alone.",
  ),
});

/** A pipeline with every default filled in. */
export type Pipeline = z.output<typeof pipelineSchema>;
/** A pipeline as the schema takes it, before compositions are checked. */
export type PipelineInput = z.input<typeof pipelineSchema>;
