/** How a database is read. */
export interface DatabaseOptions {
  /** The coding table. @default the one below the root that has a known name */
  readonly table?: string;
  /**
   * Which frames, where the root holds several kinds: the name of the folder that holds the subjects' folders (`Cropped`,
   * `CASME2_RAW_selected`, `HS_long`), in any case. @default the cropped ones, else the only ones
   */
  readonly frames?: string;
  /** Reviewed corrections of the table: a csv file, or `false` for none. @default the file of the package for this database */
  readonly corrections?: string | false;
  /** Which camera of SMIC. @default "HS" */
  readonly camera?: "HS" | "VIS" | "NIR";
  /** Report a correction of the package that does not match instead of refusing the table. @default false */
  readonly lenient?: boolean;
}
