export type { EmulatorClock, EmulatorTimer } from "./clock.js";
export { type Emulator, type EmulatorOptions, startEmulator } from "./emulator.js";
export type { Fault, PlannedFault, RateLimitOverride, WasenderDials } from "./wasender/dials.js";
export type { InboundView } from "./wasender/inbound.js";
export type { BucketName } from "./wasender/limit-table.js";
export type { InboundMedia } from "./wasender/media.js";
export type { MessageKey } from "./wasender/message.js";
export type { WasenderEmulatorOptions } from "./wasender/options.js";
export { wasenderRoutes } from "./wasender/routes/table.js";
export { type WasenderScenario, wasenderScenarios } from "./wasender/scenarios.js";
export type {
  DeliveryView,
  LimitViolation,
  RequestView,
  SentView,
  SessionView,
  TokenKind,
} from "./wasender/views.js";
export type { ReceiveInput, WasenderEmulator } from "./wasender/wasender.js";
