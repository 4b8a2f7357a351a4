import { call, isColloquyError, type Operation, type Procedure } from "@colloquy/core/contract";
import { z } from "zod";
import { decodeBody } from "../decode.js";
import type { NoInput } from "../input.js";

/** Whether the server has the routes of the client's documentation, or those of the server that exists. */
export type RouteFamily = "documented" | "real";

/** ASSUMED: nobody names a session so. Even if, the change is empty. */
const nobody = "colloquy-dialect-probe";

const changed = z.looseObject({ data: z.looseObject({ session_id: z.string().min(1) }) });

/** One empty change of a session that does not exist. How that is refused tells the two apart. */
const routes: Operation<NoInput, RouteFamily> = {
  name: "service.routes",
  summary: "Which of the two kinds of server this is.",
  method: "PATCH",
  path: `/sessions/${nobody}`,
  credential: "personal_access_token",
  repeatable: "always",
  buckets: [],
  encode: () => ({ body: { kind: "json", value: {} } }),
  decode: (response) => {
    decodeBody("service.routes", changed, response);
    return "documented";
  },
};

/**
 * The documented server says in JSON that there is no such session. The real one has no such route, so its web framework answers
 * with a page.
 */
export function* findRoutes(): Procedure<RouteFamily> {
  try {
    return yield* call(routes, {});
  } catch (error) {
    if (!isColloquyError(error)) throw error;
    if (error.code === "REMOTE_NOT_FOUND") return "documented";
    if (error.code === "RESPONSE_MALFORMED" && (error.status === 404 || error.status === 405)) return "real";
    throw error;
  }
}
