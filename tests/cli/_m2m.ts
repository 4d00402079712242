import { main } from "../../cli.ts";

/** Runs the command in this process: its exit code, standard output and standard error. */
export async function m2m(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = "", err = "";
  const { log, error } = console, { writeSync } = Deno.stderr;
  console.log = (text) => out += `${text}\n`;
  console.error = (text) => err += `${text}\n`;
  Deno.stderr.writeSync = (bytes) => { // progress
    err += new TextDecoder().decode(bytes);
    return bytes.length;
  };
  try {
    return { code: await main(args), out, err };
  } finally {
    Object.assign(console, { log, error });
    Object.assign(Deno.stderr, { writeSync });
  }
}
