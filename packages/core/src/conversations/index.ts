export type { ContextWindow, OversizePolicy } from "./context-window.js";
export type {
  ContextOptions,
  ConversationInput,
  Conversations,
  MessageInput,
  TargetInput,
} from "./conversations.js";
export type { RoutingDecision, TriedModel, Turn, TurnMetrics, TurnOptions, TurnResult } from "./turn.js";
