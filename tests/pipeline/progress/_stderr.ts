/** What `f` writes to standard error. */
export function written(f: () => void): string {
  const { writeSync } = Deno.stderr;
  let text = "";
  Deno.stderr.writeSync = (bytes) => {
    text += new TextDecoder().decode(bytes);
    return bytes.length;
  };
  try {
    f();
  } finally {
    Object.assign(Deno.stderr, { writeSync });
  }
  return text;
}
