export type { AtlusEmulator } from "./atlus/atlus.js";
export type { AtlusDials, AtlusRoute } from "./atlus/dials.js";
export type { AtlusEmulatorOptions } from "./atlus/options.js";
export { atlusRoutes } from "./atlus/routes.js";
export { type AtlusScenario, atlusScenarios } from "./atlus/scenarios.js";
export type { AtlusSessionView, ChatView } from "./atlus/views.js";
export type { EmulatorClock, EmulatorTimer } from "./clock.js";
export { type Emulator, type EmulatorOptions, type EmulatorWithSsm, startEmulator } from "./emulator.js";
export type { Fault, PlannedFault } from "./http/common-dials.js";
export type { HttpRequestView } from "./http/service.js";
export type { ModelApi, PromptMessage } from "./models/conversation.js";
export type { ModelDials } from "./models/dials.js";
export type { KeyedModelEndpoint, ModelEndpoint, ModelsEmulator } from "./models/models.js";
export type { ModelsEmulatorOptions } from "./models/options.js";
export { type ModelScenario, modelScenarios } from "./models/scenarios.js";
export type { ModelCallView } from "./models/views.js";
export { type FindNatsServerOptions, findNatsServer, NatsServerMissing } from "./nats/find-nats-server.js";
export { type NatsServer, type NatsServerOptions, natsServer } from "./nats/nats-server.js";
export { type NatsPublisher, natsPublisher } from "./nats/publisher.js";
export type { HumanPolicy, HumanReply, OrgDialect, OrgDials } from "./org/dials.js";
export type { OrgEmulatorOptions, Publish } from "./org/options.js";
export type { OrgEmulator, QuestionView } from "./org/org.js";
export { orgRoutes } from "./org/routes.js";
export { type OrgScenario, orgScenarios } from "./org/scenarios.js";
export type { PublishedView } from "./org/state.js";
export { shiftingClock } from "./shifting-clock.js";
export { bulkBytes, bulkDigest } from "./ssm/agent/pattern.js";
export type { SsmCounters } from "./ssm/counters.js";
export type { SsmDials } from "./ssm/dials.js";
export type { SsmRequestView } from "./ssm/gateway.js";
export type { SsmCredentials, SsmEmulatorOptions, SsmStartAnswer, SsmStartInput } from "./ssm/options.js";
export { type SsmScenario, ssmScenarios } from "./ssm/scenarios.js";
export type { SsmEmulator } from "./ssm/ssm.js";
export type { SsmSessionView } from "./ssm/views.js";
export type { RateLimitOverride, WasenderDials } from "./wasender/dials.js";
export type { Happening } from "./wasender/happenings/happening.js";
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
