import type { Observation } from "../contract/index.js";
import type { TimerName } from "./snapshot.js";

/** What a caller may ask. One that does not apply is refused with `COMMAND_REFUSED`, never ignored. */
export type Command =
  | { readonly type: "start" }
  | { readonly type: "pair" }
  | { readonly type: "cancelPairing" }
  | { readonly type: "suspend" }
  | { readonly type: "resume" }
  | { readonly type: "logout" }
  | { readonly type: "close" }
  | { readonly type: "restart" };

export type CommandType = Command["type"];

/** Everything that can reach the lifecycle. An observation carries the generation of the opening it comes from, if any. */
export type LifecycleEvent =
  | Command
  | (Observation & { readonly generation?: number })
  | { readonly type: TimerName }
  | { readonly type: "restored" };

export type LifecycleEventType = LifecycleEvent["type"];
