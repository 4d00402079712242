// How far spotted apices are from coded ones, beside the midpoint's distance: every clip of CASME II and SAMM whose apex is coded. The
// settings of the spotter were chosen while looking at the synthetic databases of seeds 1 to 3: judge it by others.
//   deno task deno run -A bench/data/spot_apex.ts DIR...       DIR holds casme2/ and samm/
import { loadClip, readDatabase, spotApex, type SpotApexOptions } from "../../data/mod.ts";

const side = 96;
const variants: Record<string, SpotApexOptions> = {
  "residual, divide (default)": {},
  "residual, highest": { search: "highest" },
  "lbp, divide (Liong et al. 2015)": { feature: "lbp" },
  "lbp, highest": { feature: "lbp", search: "highest" },
};

if (Deno.args.length === 0) {
  console.error("Name one or more folders that hold casme2/ and samm/.");
  Deno.exit(2);
}
console.log(
  "| databases | clips | frames | spotter | mean error, frames | median | of the length |\n|---|---|---|---|---|---|---|",
);
for (const root of Deno.args) {
  for (const database of ["casme2", "samm"] as const) {
    const { samples } = await readDatabase(database, `${root}/${database}`);
    const coded = samples.filter((sample) => sample.apexOrigin === "coded");
    const errors = new Map<string, { frames: number; share: number }[]>();
    let total = 0;
    for (const sample of coded) {
      const { onset, apex, offset } = sample, count = offset - onset + 1;
      total += count;
      const { pixels } = await loadClip(sample, { frames: count, size: side, channels: 1 });
      const frames = Array.from(
        { length: count },
        (_, t) => pixels.subarray(t * side * side, (t + 1) * side * side),
      );
      const note = (name: string, found: number) => {
        const error = Math.abs(found - (apex - onset));
        errors.set(name, [...errors.get(name) ?? [], { frames: error, share: error / count }]);
      };
      note("midpoint", Math.floor((count - 1) / 2));
      for (const [name, options] of Object.entries(variants)) {
        note(name, spotApex(frames, side, options).apex);
      }
    }
    for (const [name, list] of errors) {
      const mean = (key: "frames" | "share") =>
        list.reduce((sum, error) => sum + error[key], 0) / list.length;
      const median = list.map(({ frames }) => frames).sort((a, b) => a - b)[list.length >> 1];
      console.log(
        `| ${root.split("/").at(-1)}/${database} | ${list.length} | ${
          (total / coded.length).toFixed(1)
        } | ${name} | ${mean("frames").toFixed(2)} | ${median} | ${(100 * mean("share")).toFixed(1)} % |`,
      );
    }
  }
}
