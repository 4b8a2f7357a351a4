export { createIdentityBook } from "./identity-book.js";
export type { NodeListener, NodeResponse } from "./node-listener.js";
export { nodeListener } from "./node-listener.js";
export type { NodeRequest } from "./node-request.js";
export { toWebRequest } from "./node-request.js";
export type {
  RequestContext,
  WebhookHandler,
  WebhookHandlerOptions,
  WebhookProvider,
  WebhookSecret,
} from "./options.js";
export type { Refusal, RefusalReason } from "./refusal.js";
export { refusalStatus } from "./refusal.js";
export type { DeliveryVerdict } from "./verdict.js";
export type { WebhookEvent } from "./webhook-event.js";
export { createWebhookHandler } from "./webhook-handler.js";
export type { WebhookInbox } from "./webhook-inbox.js";
export { memoryInbox } from "./webhook-inbox.js";
export type { SessionInbox, WebhookSession } from "./webhook-session.js";
