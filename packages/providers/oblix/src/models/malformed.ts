import { ColloquyError, type ErrorCode } from "@colloquy/core/contract";

/** The answer lacks what the endpoint promises. Names the place, never the value. */
export function malformed(displayName: string, what: string): ColloquyError {
  return new ColloquyError({
    code: "RESPONSE_MALFORMED",
    message: `The answer of ${displayName} is not what it promises: ${what}.`,
  });
}

/** What the service told in the middle of an answer. The answer is not whole, and its fate is known. */
export function toldInside(displayName: string, code: ErrorCode, said: string | undefined): ColloquyError {
  return new ColloquyError({
    code,
    message: `${displayName} gave up in the middle of its answer.`,
    outcome: "rejected",
    ...(said === undefined ? {} : { providerMessage: said }),
  });
}
