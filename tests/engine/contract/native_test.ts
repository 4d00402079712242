import { findNative } from "../../../engine/mod.ts";
import { batchNormContract } from "./_batch_norm.ts";
import { convolutionContract } from "./_conv.ts";
import { kernelContract } from "./_kernels.ts";
import { poolingContract } from "./_pool.ts";

if (findNative().installed) {
  convolutionContract("native");
  poolingContract("native");
  kernelContract("native");
  // TensorFlow adds up float32 values in one go: where the mean is 100 deviations, the third digit of a gradient is lost.
  batchNormContract("native", (mean) => mean > 10 ? 1e-3 : 1e-5);
} else {
  Deno.test({ name: "the native engine keeps the contract (skipped: not installed)", ignore: true, fn() {} });
}
