// The 68 networks that STSTNet's authors published, each on its held-out subject's real flow images.
import { assertAlmostEquals, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import sharp from "sharp";
import { score } from "../../eval/mod.ts";
import { loadParams, ststnet } from "../../models/mod.ts";
import type { Prediction } from "../../types.ts";
import { useEngine } from "../_engine.ts";

const folder = Deno.env.get("M2M_REAL_DATA");

Deno.test({
  name: `the authors' STSTNet networks score as published${folder ? "" : " (skipped: no real data)"}`,
  ignore: !folder,
  fn: async () => {
    await useEngine();
    const model = ststnet();
    const rows = (await Deno.readTextFile(`${folder}/flow442/manifest.csv`)).trim().split(/\r?\n/).slice(1)
      .map((line) =>
        line.split(",") as [file: string, database: string, subject: string, clip: string, label: string]
      );
    const predictions: Prediction[] = [];
    for (const subject of new Set(rows.map((row) => row[2]))) { // the three databases' names do not collide
      const own = rows.filter((row) => row[2] === subject);
      const images = await Promise.all(own.map(([file]) => readFlow(`${folder}/flow442/${file}`)));
      const params = loadParams(
        model,
        await Deno.readFile(`${folder}/ststnet_weights/${subject}.safetensors`),
      );
      const classes = tf.tidy(() => {
        const input = tf.tensor4d(images.flatMap((image) => [...image]), [own.length, 28, 28, 3]);
        return model.apply(params, input, "infer").argMax(1).dataSync();
      });
      own.forEach(([, database, , clip, label], i) => {
        predictions.push({ database, subject, clip, truth: Number(label), prediction: classes[i] as number });
      });
      tf.dispose(params);
    }
    assertEquals(predictions.length, 442);
    const result = score(predictions, ["negative", "positive", "surprise"]);
    assertAlmostEquals(result.uf1, 0.7209, 5e-5);
    assertAlmostEquals(result.uar, 0.7250, 5e-5);
    assertAlmostEquals(result.accuracy, 0.7398, 5e-5);
  },
});

/** An image in the networks' channel order (strain, v, u); the files have (u, v, strain). */
async function readFlow(file: string): Promise<Float32Array> {
  const { data, info } = await sharp(file).raw().toBuffer({ resolveWithObject: true });
  assertEquals([info.width, info.height, info.channels], [28, 28, 3]);
  const turned = new Float32Array(data.length);
  for (let i = 0; i < data.length; i++) turned[i] = data[i - i % 3 + 2 - i % 3] as number;
  return turned;
}
