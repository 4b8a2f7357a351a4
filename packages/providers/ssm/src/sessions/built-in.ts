import { portPlugin } from "../port/port-plugin.js";
import type { SessionPlugin } from "./plugin.js";
import { shellPlugin } from "./shell-plugin.js";

/** The session types that agents know. */
export const builtInPlugins: readonly SessionPlugin[] = [shellPlugin, portPlugin];
