import { ColloquyError, type WireResponse } from "@colloquy/core/contract";
import { z } from "zod";

/** The answer lacks what its endpoint promises. */
function malformed(operation: string, what: string): ColloquyError {
  return new ColloquyError({
    code: "RESPONSE_MALFORMED",
    message: `The answer to ${operation} is not what a sessions server gives: ${what}.`,
    providerId: "org-nats",
    operation,
  });
}

/** Reads a body by its shape. The error names the place, never the value. */
export function decodeBody<Output>(operation: string, shape: z.ZodType<Output>, response: WireResponse): Output {
  const result = shape.safeParse(response.body);
  if (result.success) return result.data;
  if (response.format !== "json")
    throw malformed(operation, response.format === "empty" ? "the body is empty" : "the body is no JSON");
  const places = result.error.issues.map(({ path }) => path.join(".") || "the body");
  throw malformed(operation, `missing or wrong: ${[...new Set(places)].slice(0, 5).join(", ")}`);
}

/** A key that is not promised: null, absent, empty and of another type are the same to us. */
export const optionalText: z.ZodType<string | undefined> = z.string().min(1).optional().catch(undefined);
