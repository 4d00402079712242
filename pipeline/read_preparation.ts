import { UserError } from "../types.ts";
import { type Preparation, preparationSchema } from "./preparation.ts";

/** What of `prepare.json` is read here: `m2m data prepare` writes the settings of each database. */
interface PreparedFolder {
  readonly databases: readonly {
    readonly database: string;
    readonly settings: {
      readonly size: number;
      readonly channels: 1 | 3;
      readonly align: Record<string, unknown> & { readonly kind: "face" | "none" };
      readonly magnify: { readonly alpha: number; readonly low: number; readonly high: number } | null;
    };
  }[];
}

/**
 * How the databases of a folder had been prepared, by the manifest that `m2m data prepare` leaves there; none where there is no manifest.
 *
 * @param root The folder of the databases.
 * @param databases Those that clips to predict are like: the micro-expression databases. Where they differ, the first counts, with a note.
 * @throws {UserError} If the manifest is damaged.
 */
export async function readPreparation(
  root: string,
  databases: readonly string[],
): Promise<Preparation | undefined> {
  const file = `${root}/prepare.json`;
  const text = await Deno.readTextFile(file).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw new UserError(`Cannot read ${file}: ${error.message}; prepare the databases again.`);
  });
  if (text === undefined) return undefined;
  try {
    const found = (JSON.parse(text) as PreparedFolder).databases;
    const each = databases.flatMap((name) => {
      const settings = found.find(({ database }) => database === name)?.settings;
      return settings === undefined ? [] : [{ name, preparation: preparationOf(settings) }];
    });
    const [first] = each;
    if (first === undefined) return undefined;
    const others = each.filter(({ preparation }) =>
      JSON.stringify(preparation) !== JSON.stringify(first.preparation)
    );
    if (others.length === 0) return first.preparation;
    const names = others.map(({ name }) => name).join(", ");
    return { ...first.preparation, note: `As ${first.name} was prepared; ${names} otherwise.` };
  } catch {
    throw new UserError(`Cannot read ${file}: it is damaged; run m2m data prepare again.`);
  }
}

function preparationOf(
  { size, channels, align, magnify }: PreparedFolder["databases"][number]["settings"],
): Preparation {
  return preparationSchema.parse({
    align: { ...align, size },
    ...(channels === 1 ? { grey: true } : {}),
    ...(magnify ? { magnify } : {}),
  });
}
