import { duration } from "./progress/duration.ts";
import { standingText } from "./standing.ts";
import type { RunStatus, UnitStatus } from "./run_status.ts";

const states: Record<RunStatus["state"], string> = {
  complete: "complete",
  unscored: "all jobs done, scores not written yet: the run's command with --resume writes them",
  running: "running",
  stopped: "stopped: nobody is at work on what is missing; the run's command with --resume goes on",
};

/** The status of a run for people: a few lines, then a line for each job that runs, has failed or fell silent. */
export function statusText(status: RunStatus): string {
  const { jobs, steps, seeds, units } = status;
  const percent = steps.total === 0 ? 100 : Math.floor(100 * steps.done / steps.total);
  const counts = (["done", "running", "waiting", "failed", "silent"] as const)
    .filter((state) => jobs[state] > 0 || state === "done").map((state) => `${jobs[state]} ${state}`);
  const left = status.secondsLeft === undefined ? "" : `, about ${duration(status.secondsLeft)} left`;
  const seedText = seeds.length === 1 ? `seed ${seeds[0]}` : `seeds ${seeds.join(", ")}`;
  const lines = [
    `${status.run}: ${status.name} (${status.protocol}, ${seedText}, engine ${status.engine}${
      status.launcher === "slurm" ? ", under Slurm" : ""
    })`,
    `  ${states[status.state]}`,
    `  ${jobs.total} jobs: ${counts.join(", ")}; ${percent} % of the steps${left}`,
  ];
  if (status.queueSilent) {
    lines.push(
      `  Slurm's queue could not be asked (${status.queueSilent}): what follows is from the run folder alone`,
    );
  }
  const many = seeds.length > 1;
  const list = (state: UnitStatus["state"], line: (unit: UnitStatus) => string) => {
    const chosen = units.filter((unit) => unit.state === state);
    if (chosen.length > 0) {
      lines.push(
        `  ${state}:`,
        ...chosen.map((unit) => `    ${nameOf(unit, many)}: ${line(unit)}`),
      );
    }
  };
  list("running", runningText);
  list(
    "silent",
    (unit) =>
      `${standingParts(unit).join(", ")}, ${whereOf(unit)}; nothing heard for ${duration(unit.age ?? 0)}`,
  );
  list(
    "failed",
    (unit) => `${unit.reason ?? "it did not say why"}${unit.log ? `\n      its log: ${unit.log}` : ""}`,
  );
  const waiting = new Map<string, number>();
  for (const { state, reason } of units) {
    if (state === "waiting" && reason) waiting.set(reason, (waiting.get(reason) ?? 0) + 1);
  }
  for (const [reason, n] of waiting) lines.push(`  ${n} waiting for ${reason}`);
  return lines.join("\n");
}

function nameOf({ kind, seed, fold }: UnitStatus, many: boolean): string {
  return `${kind === "macro" ? "MaNet" : `fold ${fold}`}${many ? ` (seed ${seed})` : ""}`;
}

function runningText(unit: UnitStatus): string {
  return [
    ...standingParts(unit),
    `${Math.floor(100 * unit.done / Math.max(1, unit.total))} %`,
    ...(unit.secondsLeft === undefined ? [] : [`${duration(unit.secondsLeft)} left`]),
    ...(unit.host === undefined ? [] : [whereOf(unit)]),
    ...(unit.age === undefined ? [] : [`last sign of life ${duration(unit.age)} ago`]),
  ].join(", ");
}

function standingParts({ standing }: UnitStatus): string[] {
  if (!standing) return ["starting"];
  const { epoch, epochs, values } = standing;
  const loss = values.loss ?? values.expression; // in stages (a) and (b) L_c is all there is
  return [
    standingText(standing),
    `epoch ${epoch}/${epochs}`,
    ...(loss === undefined ? [] : [`loss ${loss.toPrecision(4)}`]),
  ];
}

function whereOf({ host, slurm }: UnitStatus): string {
  return `on ${host ?? "a machine that it did not name"}${slurm ? ` (job ${slurm})` : ""}`;
}
