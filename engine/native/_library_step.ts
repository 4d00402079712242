import { UserError } from "../../types.ts";
import { fileDigest } from "./_digest.ts";
import { packageFolder } from "./_package_step.ts";
import { progressBar } from "./_progress.ts";
import { programFailed, programWorks, runProgram } from "./_run_program.ts";
import { libraries, libraryBytes, type Wheel } from "./_settings.ts";

/** Where the libraries go within the native folder: where the package's own install step puts its. */
export const libraryFolder = `${packageFolder}/deps/lib`;
/** The headers of TensorFlow's C interface. */
export const headerFolder = `${packageFolder}/deps/include`;

/** Python with pip, or the user's error. */
export async function findPython(): Promise<string> {
  for (const python of ["python3", "python"]) {
    if (await programWorks(python, ["-m", "pip", "--version"])) return python;
  }
  const reason = await programWorks("python3", ["--version"]) ? "pip for Python 3" : "Python 3 with pip";
  throw new UserError(
    `The native engine comes out of a Python wheel and needs ${reason}: install it (for instance python3-pip) and run m2m engine install again.`,
  );
}

/** Downloads the wheel unless it is there with the right checksum, checks it, and takes out the libraries and headers. */
export async function libraryStep(
  folder: string,
  wheel: Wheel,
  python: string,
  work: string,
  say: (line: string) => void,
): Promise<void> {
  const file = await findWheel(`${work}/wheel`) ?? await download(wheel, python, work, say);
  await check(file, wheel.sha256?.wheel, wheel);
  await extract(file, folder, python, say);
  for (const name of libraries) {
    await check(`${folder}/${libraryFolder}/${name}`, wheel.sha256?.[name], wheel);
  }
  await Deno.remove(`${work}/wheel`, { recursive: true });
}

async function findWheel(place: string): Promise<string | undefined> {
  try {
    for await (const { name } of Deno.readDir(place)) {
      if (/^tensorflow.*\.whl$/.test(name)) return `${place}/${name}`;
    }
  } catch { /* no download has begun */ }
  return undefined;
}

/** pip keeps a download in its temporary folder until it is whole: the bar is drawn from that folder's size. */
async function download(
  wheel: Wheel,
  python: string,
  work: string,
  say: (line: string) => void,
): Promise<string> {
  const temporary = `${work}/pip`;
  await Deno.mkdir(temporary, { recursive: true });
  const bar = progressBar(`downloading ${wheel.requirement}`, say);
  const timer = setInterval(() => bar.show(bytesIn(temporary) / wheel.bytes), 500);
  const { code, said } = await runProgram(python, [
    ...["-m", "pip", "download", "--no-cache-dir", "--only-binary=:all:", "--progress-bar=off"],
    ...(wheel.cuda ? [] : ["--no-deps"]),
    ...["--implementation=cp", "--python-version=312", "--abi=cp312", `--platform=${wheel.platform}`],
    ...[`--dest=${temporary}/whole`, wheel.requirement],
  ], { env: { TMPDIR: temporary, PIP_DISABLE_PIP_VERSION_CHECK: "1" } }).finally(() => clearInterval(timer));
  if (code === 0) bar.show(1);
  bar.end();
  if (code !== 0) {
    await Deno.remove(temporary, { recursive: true });
    throw programFailed(
      `Downloading ${wheel.requirement} with pip`,
      said,
      "check the network and pip's settings, and run m2m engine install again",
    );
  }
  await Deno.rename(`${temporary}/whole`, `${work}/wheel`);
  return await findWheel(`${work}/wheel`) as string;
}

function bytesIn(folder: string): number {
  let bytes = 0;
  try {
    for (const entry of Deno.readDirSync(folder)) {
      const path = `${folder}/${entry.name}`;
      bytes += entry.isDirectory ? bytesIn(path) : Deno.statSync(path).size;
    }
  } catch { /* pip renames and removes its files meanwhile */ }
  return bytes;
}

async function check(file: string, expected: string | undefined, wheel: Wheel): Promise<void> {
  if (expected === undefined) return; // nobody here has seen this wheel; pip has checked it against the index
  const found = await fileDigest(file);
  if (found === expected) return;
  await Deno.remove(file).catch(() => {});
  throw new UserError(
    `${file} of ${wheel.requirement} has checksum ${found} instead of ${expected} and was removed; run m2m engine install again, and if this stays so check the package index in use.`,
  );
}

async function extract(
  file: string,
  folder: string,
  python: string,
  say: (line: string) => void,
): Promise<void> {
  const bar = progressBar("unpacking libtensorflow", say);
  const { code, said } = await runProgram(python, [
    "-c",
    unpacker,
    file,
    `${folder}/${libraryFolder}`,
    `${folder}/${headerFolder}`,
    ...libraries,
  ], { onLine: (line) => /^\d+$/.test(line) && bar.show(Number(line) / libraryBytes) });
  bar.end();
  if (code !== 0) {
    throw programFailed(`Unpacking ${file}`, said, "remove the file and run m2m engine install again");
  }
}

/** Takes the libraries and the headers of the C interface out of a wheel, CUDA's out of those beside it; prints the bytes done. */
const unpacker = `
import glob, os, sys, zipfile
file, libraries, headers, *names = sys.argv[1:]
os.makedirs(libraries, exist_ok=True)
done = 0
with zipfile.ZipFile(file) as wheel:
    for name in names:
        with wheel.open("tensorflow/" + name) as source, open(libraries + "/" + name + ".part", "wb") as target:
            while block := source.read(1 << 22):
                target.write(block)
                done += len(block)
                print(done, flush=True)
        os.replace(libraries + "/" + name + ".part", libraries + "/" + name)
    root = "tensorflow/include/"
    wanted = tuple(root + part for part in ("tensorflow/c/", "tensorflow/core/platform/", "xla/tsl/", "tsl/"))
    for entry in wheel.namelist():
        if entry.startswith(wanted) and entry.endswith(".h"):
            target = headers + "/" + entry[len(root):]
            os.makedirs(os.path.dirname(target), exist_ok=True)
            with open(target, "wb") as out:
                out.write(wheel.read(entry))
# The CUDA libraries: libtensorflow looks for them in ../nvidia from its own folder.
for nvidia in glob.glob(os.path.join(os.path.dirname(file), "nvidia_*.whl")):
    with zipfile.ZipFile(nvidia) as wheel:
        for entry in wheel.namelist():
            if entry.startswith("nvidia/"):
                wheel.extract(entry, os.path.dirname(libraries))
`;
