import type { ExitCode } from "../exit-codes.js";
import type { Fields } from "../output/output.js";

/** One row of a list: its cells for people, its fields for programs. */
export interface Row {
  readonly cells: readonly string[];
  readonly fields: Fields;
}

/** What a command has to say, before it is known to whom. */
export type Answer =
  /** Many of a kind. May come bit by bit, and may never end. */
  | {
      readonly headings: readonly string[];
      readonly rows: Iterable<Row> | AsyncIterable<Row>;
      /** For people, when there is no row. */
      readonly none: string;
      /** Print each row when it comes, as nobody knows when the last one will. */
      readonly isLive?: boolean;
      /** Asked after the last row. */
      readonly exitCode?: () => ExitCode;
    }
  /** One thing: lines for people, fields for programs. */
  | { readonly lines: readonly string[]; readonly fields: Fields; readonly notes?: readonly string[] };
