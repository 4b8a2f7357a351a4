export type { AskFacet, AskHint, AskProgress, AskQuestion, AskReceipt } from "./ask.js";
export type { ChallengeKind, ChallengeProgress, IssuedChallenge } from "./challenge.js";
export type { Clock, Timer } from "./clock.js";
export type { ConnectFacet, Connection, ConnectionGoal, ConnectionTools } from "./connection.js";
export type {
  ChatAnswer,
  ChatFinish,
  ChatMessage,
  ChatModel,
  ChatPiece,
  ChatRequest,
  ChatTool,
  ChatToolCall,
  ChatUsage,
  ConverseFacet,
  Monitor,
  MonitorReadings,
  Route,
  RouteRequest,
  TokenCounter,
} from "./conversation.js";
export type { CredentialContext, CredentialDescription, CredentialKind, CredentialSource } from "./credential.js";
export type { ErrorCategory, ErrorCode } from "./error-codes.js";
export { errorCatalogue } from "./error-codes.js";
export type { ColloquyErrorOptions, Outcome } from "./errors.js";
export { ColloquyError, isColloquyError } from "./errors.js";
export type {
  DeliveryStatus,
  IdentityBook,
  ProviderEvent,
  RawDelivery,
  ReadContext,
  ReadDelivery,
} from "./event.js";
export { deliveryOrder } from "./event.js";
export type {
  Capability,
  EditFacet,
  Facets,
  MessageProgress,
  OtherSend,
  PairingFacet,
  PresenceFacet,
  PresenceKind,
  ReceiveFacet,
  SendFacet,
  SendTraces,
} from "./facets.js";
export type { InstantMs, MessageId, ProviderId, SessionId } from "./ids.js";
export type { MessageRules, ProviderManifest, ProviderTimings, ProviderTraits } from "./manifest.js";
export type { ByteSource, MediaSource, OpenedMedia, UploadProgress, WebByteStream } from "./media.js";
export type { InboundMessage, MediaKind, MessageKind, OutboundMessage, Priority, SendReceipt } from "./message.js";
export { messageKindOf } from "./message.js";
export type { InterpretContext, Observation, ObservationType, RemoteSignal } from "./observation.js";
export type {
  AnyOperation,
  EncodeContext,
  Learned,
  Operation,
  OperationTree,
  PagedOperation,
  PagePosition,
  Paging,
  PieceReader,
  Repeatable,
  RequestParts,
  ResponseHead,
  StreamedOperation,
} from "./operation.js";
export { defineOperation } from "./operation.js";
export type { Call, Procedure } from "./procedure.js";
export { call, callOf } from "./procedure.js";
export type { AnyProvider, Failure, Problem, Provider, RemoteSession, SessionContext } from "./provider.js";
export type { LimitRule, LimitScope, RateLimitReading } from "./rate-limit.js";
export type { RateLimitHeaderContext } from "./rate-limit-headers.js";
export { parseRetryAfter, readRateLimitHeaders } from "./rate-limit-headers.js";
export type { Cause, CauseClass, ClosingGoal, Health, Identity, Intent, Restriction, SessionState } from "./state.js";
export type { HttpMethod, JsonValue, ReadyRequest, WireBody, WireRequest, WireResponse } from "./wire.js";
