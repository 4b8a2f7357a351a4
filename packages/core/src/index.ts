export type { Clock, Timer } from "./clock.js";
export { systemClock } from "./clock.js";
export * from "./contract/index.js";
export * from "./conversations/index.js";
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
export type { AnswerSchema, Ask, AskOptions, AskOutcome } from "./sessions/asks/ask.js";
export type { Asks, ResumeOptions } from "./sessions/asks/asks.js";
export type { BoundCall, BoundOperations, CallOptions, PagedCall } from "./sessions/bound-operations.js";
export type { Challenge, Pairing } from "./sessions/challenge.js";
export type { Colloquy } from "./sessions/colloquy.js";
export { createColloquy } from "./sessions/colloquy.js";
export type { SurfaceOf } from "./sessions/connections/await-connection.js";
export type { ColloquyOptions } from "./sessions/create-runtime.js";
export type { WorkerEvent, WorkerOptions } from "./sessions/fleet/options.js";
export type { StopResult, Worker, WorkerStatus } from "./sessions/fleet/worker.js";
export type { EventHandler, HandleOptions, Handling, HandlingContext } from "./sessions/handling.js";
export type { EventsOptions, Received } from "./sessions/inbox.js";
export type { SendOptions } from "./sessions/outbox.js";
export type { PairOptions } from "./sessions/pair.js";
export type { DeliveryFailure, DeliveryReceipt, ReceiptOptions } from "./sessions/receipts/receipt.js";
export type { OnUnknown } from "./sessions/runtime.js";
export type { SendResult, SentMessage } from "./sessions/sent-message.js";
export { Session } from "./sessions/session.js";
export type { SessionEvent, SessionEventType } from "./sessions/session-event.js";
export type { CreateOptions, ListQuery, Sessions } from "./sessions/sessions.js";
export type { WaitOptions } from "./sessions/waiting.js";
export { canonicalText } from "./store/canonical-text.js";
export { conversationFilter } from "./store/conversation-filter.js";
export type { MemoryStoreOptions } from "./store/memory.js";
export { memoryStore } from "./store/memory.js";
export type { ReadConversation } from "./store/memory-search.js";
export { bestHits, hitsIn, isSearched } from "./store/memory-search.js";
export { mergePatch } from "./store/merge-patch.js";
export type { MetadataCondition, MetadataEntry, MetadataScalar } from "./store/metadata-filter.js";
export { checkConditions, metadataEntries } from "./store/metadata-filter.js";
export { patchedAsk } from "./store/patched-ask.js";
export { patchedRow } from "./store/patched-row.js";
export { readPages } from "./store/read-pages.js";
export type { SearchTerm } from "./store/search-text.js";
export { indexText, scoreOf, searchTerms, searchWords, snippetOf } from "./store/search-text.js";
export type { ConversationSeal, SealMark, SealMarkPlace } from "./store/secret-seal.js";
export { SecretSeal } from "./store/secret-seal.js";
export * from "./store/store.js";
export * from "./store/transcript-changes.js";
export * from "./store/transcript-check.js";
export * from "./store/transcript-errors.js";
export * from "./store/transcripts.js";
export type { Attributes, Span, Telemetry } from "./telemetry.js";
export { noTelemetry } from "./telemetry.js";
export type { BucketView, OperationResult } from "./transport/exchange.js";
export type { TransportLimits, TransportOptions } from "./transport/options.js";
export type {
  KeptLedger,
  SharedAnswer,
  SharedBudget,
  SharedCall,
  SharedPermit,
  SharedRule,
  WindowEnd,
} from "./transport/shared/index.js";
export { exchangeOn, localBudget, sharedTimes } from "./transport/shared/index.js";
export * from "./webhooks/index.js";
