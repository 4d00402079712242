import { batchNormContract } from "./_batch_norm.ts";
import { convolutionContract } from "./_conv.ts";
import { kernelContract } from "./_kernels.ts";
import { poolingContract } from "./_pool.ts";

convolutionContract("wasm");
poolingContract("wasm");
kernelContract("wasm");
batchNormContract("wasm");
