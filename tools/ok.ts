// The gate before a commit: formatting, lint, types, documentation, tests with the examples of the documentation, and
// a dry run of publishing. One line a step, the output of a step only if it failed.
//   deno task ok [--skip-tests]
import { exampleArgs, faces, runDeno } from "./_deno.ts";
import { docLintProblems } from "./_doc_lint.ts";

/** A step: its name, its Deno command, and what in its output is a problem, where the exit code does not tell. */
interface Step {
  readonly name: string;
  readonly args: readonly string[];
  readonly problems?: (output: string) => string;
}

const steps: Step[] = [
  { name: "fmt", args: ["fmt", "--check"] },
  { name: "lint", args: ["lint"] },
  { name: "check", args: ["check", "--quiet", "."] },
  { name: "doc lint", args: ["doc", "--lint", ...faces], problems: docLintProblems },
  {
    name: "publish dry run",
    args: ["publish", "--quiet", "--dry-run", "--allow-dirty", "--allow-slow-types"],
  },
];
if (!Deno.args.includes("--skip-tests")) {
  steps.push(
    { name: "examples", args: ["test", "-A", ...exampleArgs] },
    { name: "tests", args: ["test", "-A", "--parallel", "--no-check", "tests"] },
  );
}

let failed = 0;
for (const { name, args, problems } of steps) {
  const { code, output, seconds } = await runDeno(args);
  const wrong = code === 0 ? "" : problems ? problems(output) : output || `exit code ${code}`;
  console.log(`${wrong ? "FAILED" : "ok    "} ${name} (${seconds.toFixed(1)} s)`);
  if (wrong) {
    failed++;
    console.log(wrong.trim().replace(/^/gm, "    "));
  }
}
if (failed > 0) console.log(`${failed} of ${steps.length} steps failed`);
Deno.exit(failed > 0 ? 1 : 0);
