import type { Route } from "../route.js";
import { accountRoutes } from "./account-routes.js";
import { contactRoutes } from "./contact-routes.js";
import { groupRoutes } from "./group-routes.js";
import { logRoutes } from "./log-routes.js";
import { mediaRoutes } from "./media-routes.js";
import { messageRoutes } from "./message-routes.js";
import { sessionRoutes } from "./session-routes.js";

/** Every route of the API. */
export const routes: Route[] = [
  ...sessionRoutes,
  ...logRoutes,
  ...accountRoutes,
  ...messageRoutes,
  ...mediaRoutes,
  ...contactRoutes,
  ...groupRoutes,
];

/** The same for people and coverage checks: method, path below the base URL, and whose token opens it. */
export const wasenderRoutes: readonly { method: string; path: string; token: "pat" | "session" | "none" }[] =
  routes.map(({ method, path, token }) => ({ method, path, token }));
