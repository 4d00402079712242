/** The package whose binding is built, its one dependency that our loading needs, and Node's headers. */
export const npmPackages = {
  "@tensorflow/tfjs-node-gpu": "4.22.0",
  "google-protobuf": "3.21.4",
  "node-api-headers": "1.9.0",
} as const;

/** SHA-256 over the package's sources of the binding and its kernels, see `treeDigest`. */
export const packageDigest = "d50c5bb25a69ac2d85f97e50c3299884be373e5d93e3304f6c040df1cfacca78";

/** A wheel that holds libtensorflow. */
export interface Wheel {
  /** As pip names it. */
  readonly requirement: string;
  /** pip's platform tag, so that any Python fetches the same file. */
  readonly platform: string;
  /** Bytes of the download, for the progress bar and the check of the disk; a guess where nobody has seen it. */
  readonly bytes: number;
  /** SHA-256 of the wheel and of the libraries in it; undefined where nobody here has seen the file. */
  readonly sha256?: Readonly<Record<string, string>>;
  /** The wheels of NVIDIA's libraries come along. */
  readonly cuda: boolean;
}

/** The libraries in a wheel, in its folder `tensorflow/`. Linked in this order: the other way round, TensorFlow crashes at the first operation. */
export const libraries = ["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"] as const;

/** Bytes of the two libraries. */
export const libraryBytes = 853_308_936;

const version = "2.21.0";

/** The wheel for a processor, or undefined if TensorFlow has none. `tensorflow` and CUDA are untried. */
export function wheelFor(arch: string, cuda: boolean): Wheel | undefined {
  if (arch === "x86_64" && !cuda) {
    return {
      requirement: `tensorflow-cpu==${version}`,
      platform: "manylinux_2_27_x86_64",
      bytes: 274_000_871,
      sha256: {
        wheel: "dcc8afd32930e42d5296b6ee19078b773706830af4ea97fbe503b9f5e0f820cb",
        "libtensorflow_framework.so.2": "f060b323b26ef80add21b9df9428de3aeaf2843d772c5bb098745f7abff3709b",
        "libtensorflow_cc.so.2": "6505a4b9657e62100c6bdacb683957a395cb047725042945aaa50e40a71e429e",
      },
      cuda: false,
    };
  }
  if (arch !== "x86_64" && arch !== "aarch64") return undefined;
  return {
    requirement: `tensorflow${cuda ? "[and-cuda]" : ""}==${version}`,
    platform: `manylinux_2_27_${arch}`,
    bytes: cuda ? 4_000_000_000 : 300_000_000,
    cuda,
  };
}
