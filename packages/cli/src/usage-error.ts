import { ColloquyError } from "@colloquy/core/contract";

/** Something wrong with how the command was written. Ends with exit code 7. */
export function usageError(message: string, userAction: string): ColloquyError {
  return new ColloquyError({ code: "INPUT_INVALID", message, userAction });
}
