export type { Agent, Verdict } from "./agents/agent.js";
export type {
  ConnectivityAgentOptions,
  ConnectivityReading,
  ConnectivityThresholds,
} from "./agents/connectivity-agent.js";
export { connectivityAgent } from "./agents/connectivity-agent.js";
export type { ConnectTarget } from "./agents/network-probe.js";
export type { ResourceMonitorOptions, ResourceReading, ResourceThresholds } from "./agents/resource-monitor.js";
export { resourceMonitor } from "./agents/resource-monitor.js";
export type { ChatLines } from "./client/chat.js";
export type {
  ChatOptions,
  CopySession,
  CreateSession,
  ExecuteOptions,
  FoundSession,
  ImportSession,
  ListSessions,
  MergedSession,
  MergeSessions,
  SearchSessions,
  SessionPage,
  UseImmediately,
} from "./client/client-options.js";
export type { DisplayOptions } from "./client/display.js";
export type { ExecuteMetrics, ExecuteResult, ExecuteRouting, Execution } from "./client/execution.js";
export type { OblixClient } from "./client/oblix-client.js";
export { oblixClient } from "./client/oblix-client.js";
export type { SessionData, SessionMessage, SessionSummary } from "./client/session-data.js";
export { counterpart } from "./facets/send.js";
export type { ExportOptions, FileFormat } from "./files/export-file.js";
export { exportConversation, exportedLines } from "./files/export-file.js";
export type { Imported, ImportOptions, ImportPolicy } from "./files/import-file.js";
export { importConversation } from "./files/import-file.js";
export type { FolderEntry, FolderOptions, FolderReport } from "./files/import-folder.js";
export { importOblixFolder } from "./files/import-folder.js";
export type { AnthropicOptions } from "./models/anthropic.js";
export { anthropic } from "./models/anthropic.js";
export type { ChatReader } from "./models/chat-operation.js";
export type { CustomModelOptions } from "./models/custom.js";
export { customModel } from "./models/custom.js";
export type { OllamaOptions } from "./models/ollama.js";
export { ollama } from "./models/ollama.js";
export type { OpenAiOptions } from "./models/openai.js";
export { openai } from "./models/openai.js";
export type {
  ConversationTarget,
  JsonObject,
  KeptAnswer,
  KeptConversation,
  NewConversationInput,
  OblixOperations,
  TurnInput,
} from "./operations.js";
export type { OblixOptions } from "./options.js";
export type { OblixProvider } from "./provider.js";
export { oblix } from "./provider.js";
export { fourSteps, inOrder } from "./routing/four-steps.js";
export type { RoutingChoice, RoutingContext, RoutingPolicy } from "./routing/policy.js";
