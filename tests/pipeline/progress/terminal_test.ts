// A run in a pseudo-terminal: what a terminal of 60 and of 200 columns shows, through a change of width, and with NO_COLOR. Python's pty makes the
// terminal; a small one of our own, below, shows what it was sent.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { commandArgs } from "../../_engine.ts";
import { testFolder, tinyPipeline } from "../_tiny.ts";

const script = `
import fcntl, os, pty, select, struct, sys, termios, time
columns, resized, *command = sys.argv[1:]
def size(fd, columns):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 24, int(columns), 0, 0))
pid, fd = pty.fork()
if pid == 0:
    time.sleep(0.2)
    os.execvp(command[0], command)
size(fd, columns)
while True:
    try:
        data = os.read(fd, 65536)
    except OSError:
        break
    if not data:
        break
    sys.stdout.buffer.write(data)
    if resized != columns and b"epoch" in data:
        sys.stdout.buffer.write(b"\\x00RESIZED\\x00")
        size(fd, resized)
        columns = resized
sys.stdout.buffer.flush()
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;

const python = await new Deno.Command("python3", { args: ["-c", "import pty"] }).output().then(
  (o) => o.success,
  () => false,
);

/** What a terminal is sent by a run of `m2m run`. */
async function sent(columns: number, resized: number, env: Record<string, string> = {}): Promise<string> {
  const out = await Deno.makeTempDir({ dir: testFolder() });
  const file = `${out}.yaml`;
  const stages = {
    macro: { steps: 40, batch: 2 },
    micro: { steps: 30, batch: 2 },
    guided: { steps: 30, batch: 2 },
  };
  await Deno.writeTextFile(file, JSON.stringify(tinyPipeline({ stages })));
  const places = ["--data", `${testFolder()}/data`, "--out", out, "--jobs", "2"];
  const command = [Deno.execPath(), ...commandArgs("run", file, ...places)];
  const { stdout, stderr, success } = await new Deno.Command("python3", {
    args: ["-c", script, String(columns), String(resized), ...command],
    env: { M2M_CACHE: `${testFolder()}/cache`, TERM: "xterm-256color", NO_COLOR: "", ...env },
  }).output();
  const text = new TextDecoder().decode(stdout);
  assert(success, text + new TextDecoder().decode(stderr));
  return text;
}

/** A terminal as far as a live view needs one: rows that stay, a cursor, going up, erasing. Lines that are too long wrap. */
class Screen {
  rows: string[] = [""];
  #row = 0;
  #column = 0;

  constructor(public columns: number) {}

  write(text: string): void {
    for (
      const [piece, up, erase] of text.matchAll(
        // deno-lint-ignore no-control-regex
        /\x1b\[(\d*)A|\x1b\[(K|J)|\x1b\[[?\d;]*[hlm]|\r|\n|[^\x1b\r\n]/g,
      )
    ) {
      if (up !== undefined) this.#row = Math.max(0, this.#row - Number(up));
      else if (erase === "K") this.#set(this.#line().slice(0, this.#column));
      else if (erase === "J") {
        this.#set(this.#line().slice(0, this.#column));
        this.rows.length = this.#row + 1;
      } else if (piece === "\r") this.#column = 0;
      else if (piece === "\n") this.#down();
      else if (!piece.startsWith("\x1b")) this.#put(piece);
    }
  }

  #line(): string {
    return this.rows[this.#row] ?? "";
  }

  #set(line: string): void {
    this.rows[this.#row] = line;
  }

  #down(): void {
    this.#column = 0;
    this.#row++;
    this.rows[this.#row] ??= "";
  }

  #put(character: string): void {
    if (this.#column === this.columns) this.#down();
    const line = this.#line().padEnd(this.#column);
    this.#set(line.slice(0, this.#column) + character + line.slice(this.#column + 1));
    this.#column++;
  }
}

/** Every picture between two frames. */
function pictures(text: string, columns: number): string[][] {
  const screen = new Screen(columns);
  return text.split("\x1b[?2026l").map((part) => {
    screen.write(part.replaceAll("\0RESIZED\0", ""));
    return screen.rows.map((row) => row.trimEnd());
  });
}

const name = python ? "" : " (skipped: no Python with pty)";

for (const columns of [60, 200]) {
  Deno.test({
    name: `a terminal of ${columns} columns shows the folds, redrawn in place${name}`,
    ignore: !python,
    async fn() {
      const text = await sent(columns, columns);
      const all = pictures(text.slice(0, text.lastIndexOf("\x1b[?2026l")), columns);
      for (const picture of all) {
        const heads = picture.filter((row) => /^\d of 3 done/.test(row));
        assert(heads.length <= 1, picture.join("\n")); // a frame is over the one before, never below it
      }
      const busiest = all.find((picture) =>
        picture.join(" ").includes("D_s") && picture.join(" ").includes("2 running")
      );
      assert(busiest, "no picture of two folds under guidance");
      const words = busiest.join(" ").replaceAll(/\s+/g, " ");
      assertMatch(words, /MaNet done in \d+ s/);
      assertMatch(words, /1 of 3 done, 2 running, 0 waiting \[=* *\] +\d+ % /);
      assertMatch(
        words,
        /fold smic\/s\d+ all \(Eq\. 8\) epoch \d+\/15 step \d+\/30 L [\d.]+ L_c [\d.]+ right \d+ % L_s [\d.]+ D_s \d+ %/,
      );
      if (columns === 200) assert(busiest.some((row) => row.includes("epoch") && row.includes("L_con")));
      const end = all.at(-1)!.join("\n");
      assertMatch(end, /MaNet done in .*\nfold smic\/s\d+ done in .*\nfold smic\/s\d+ done in /);
      assertEquals(/running|epoch/.test(end), false, "a frame was left behind");
      assert(text.includes("\x1b[32m"));
    },
  });
}

Deno.test({
  name:
    `a terminal that becomes narrower shows the view at its new width, without colour under NO_COLOR${name}`,
  ignore: !python,
  async fn() {
    const text = await sent(200, 60, { NO_COLOR: "1" });
    // deno-lint-ignore no-control-regex
    assertEquals(/\x1b\[\d+m/.test(text), false);
    const after = text.slice(text.indexOf("\0RESIZED\0"), text.lastIndexOf("\x1b[?2026l"));
    const frames = after.split("\x1b[?2026h").slice(3); // those drawn since the signal can have arrived
    assert(frames.length > 3);
    for (const frame of frames) {
      for (const line of frame.split("\x1b[?2026l")[0]!.split("\n")) {
        // deno-lint-ignore no-control-regex
        const shown = line.replaceAll(/\x1b\[[?\d]*[A-Za-z]|\r/g, "");
        assert(shown.length < 60 || /^casme2|^smic|^ckplus|^\d+ clips/.test(shown), shown);
      }
    }
  },
});
