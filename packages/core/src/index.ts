export type { Clock, Timer } from "./clock.js";
export { systemClock } from "./clock.js";
export * from "./contract/index.js";
export type { Command, LifecycleEvent } from "./lifecycle/events.js";
export { renderExplanation } from "./lifecycle/explain.js";
export type { ExplainedEntry, Explanation, UpcomingTimer } from "./lifecycle/explanation.js";
export type { ReconnectPolicy } from "./lifecycle/policy.js";
export { defaultReconnectPolicy } from "./lifecycle/policy.js";
export type { LifecycleSnapshot, PairingProgress, TimerName } from "./lifecycle/snapshot.js";
export { newSnapshot } from "./lifecycle/snapshot.js";
export type { LogFields, Logger, LogLevel } from "./logger.js";
export { silentLogger } from "./logger.js";
export { openTelemetry } from "./open-telemetry.js";
export type { Random } from "./random.js";
export { seededRandom } from "./random.js";
export type { BoundCall, BoundOperations, CallOptions, PagedCall } from "./sessions/bound-operations.js";
export type { Challenge, Pairing } from "./sessions/challenge.js";
export type { Colloquy, ColloquyOptions, CreateOptions, ListQuery, Sessions } from "./sessions/colloquy.js";
export { createColloquy } from "./sessions/colloquy.js";
export type { EventsOptions, Received } from "./sessions/inbox.js";
export type { SendOptions } from "./sessions/outbox.js";
export type { PairOptions } from "./sessions/pair.js";
export type { DeliveryFailure, DeliveryReceipt, ReceiptOptions } from "./sessions/receipts/receipt.js";
export type { SendResult, SentMessage } from "./sessions/sent-message.js";
export { Session } from "./sessions/session.js";
export type { SessionEvent, SessionEventType } from "./sessions/session-event.js";
export type { WaitOptions } from "./sessions/waiting.js";
export { memoryStore } from "./store/memory.js";
export { patchedRow } from "./store/patched-row.js";
export * from "./store/store.js";
export type { Attributes, Span, Telemetry } from "./telemetry.js";
export { noTelemetry } from "./telemetry.js";
export type { BucketView, OperationResult } from "./transport/exchange.js";
export type { TransportLimits, TransportOptions } from "./transport/options.js";
export type {
  SharedAnswer,
  SharedBudget,
  SharedCall,
  SharedPermit,
  SharedRule,
  WindowEnd,
} from "./transport/shared/index.js";
export { localBudget, sharedTimes } from "./transport/shared/index.js";
export * from "./webhooks/index.js";
