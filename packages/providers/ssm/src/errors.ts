import { ColloquyError, type ColloquyErrorOptions } from "@colloquy/core/contract";

/** An error of this provider. Messages name fields and numbers, never tokens, keys or what was typed. */
export function ssmError(options: Omit<ColloquyErrorOptions, "providerId">): ColloquyError {
  return new ColloquyError({ providerId: "ssm", ...options });
}
