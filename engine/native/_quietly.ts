/**
 * Runs `f` with the process's standard error going nowhere. TensorFlow's libraries print notes while they are being loaded,
 * before they heed TF_CPP_MIN_LOG_LEVEL; errors come as exceptions all the same. Linux only, elsewhere `f` just runs.
 */
export function quietly<Result>(f: () => Result): Result {
  if (Deno.build.os !== "linux") return f();
  let libc;
  try {
    libc = Deno.dlopen("libc.so.6", {
      dup: { parameters: ["i32"], result: "i32" },
      dup2: { parameters: ["i32", "i32"], result: "i32" },
      close: { parameters: ["i32"], result: "i32" },
      open: { parameters: ["buffer", "i32"], result: "i32" },
    });
  } catch {
    return f(); // another libc, or no permission: noisy but right
  }
  const { dup, dup2, close, open } = libc.symbols;
  const [saved, nowhere] = [dup(2), open(new TextEncoder().encode("/dev/null\0"), 1)];
  try {
    if (saved >= 0 && nowhere >= 0) dup2(nowhere, 2);
    return f();
  } finally {
    if (saved >= 0) dup2(saved, 2);
    close(saved);
    close(nowhere);
    libc.close();
  }
}
