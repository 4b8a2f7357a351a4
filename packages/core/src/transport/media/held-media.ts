import { ColloquyError, type OpenedMedia } from "../../contract/index.js";

/** A source ready to be sent. `close` frees what was opened and not read to its end; calling it again does nothing. */
export interface HeldMedia extends OpenedMedia {
  close(): Promise<void>;
}

/** What cannot be read cannot be sent. */
export function unreadable(field: string, problem: string): ColloquyError {
  return new ColloquyError({
    code: "INPUT_INVALID",
    message: `${field}: ${problem}`,
    fieldErrors: { [field]: [problem] },
  });
}
