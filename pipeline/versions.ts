import * as tf from "@tensorflow/tfjs";
import config from "../deno.json" with { type: "json" };

/** The versions that a result depends on, for run.json. */
export function versions(): Record<string, string> {
  return {
    macro2micro: config.version,
    deno: Deno.version.deno,
    tfjs: tf.version_core,
    platform: `${Deno.build.os} ${Deno.build.arch}`,
  };
}
