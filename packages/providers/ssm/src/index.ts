export type { ConnectionTrouble } from "./channel/connection.js";
export type { ChannelCounters } from "./channel/counters.js";
export type {
  DialFrameSocket,
  FrameSocket,
  FrameSocketClosure,
  FrameSocketEvents,
} from "./channel/frame-socket.js";
export type { ChannelLimits, ChannelTimings, DataChannelOptions } from "./channel/options.js";
export { defaultLimits, defaultTimings } from "./channel/options.js";
export type { Resume } from "./channel/resume.js";
export type { ChannelStatus, Consumer, SessionChannel, SessionEnd } from "./channel/session-channel.js";
export type { StreamPosition } from "./channel/stream-position.js";
export type { WebSocketOptions } from "./channel/web-socket.js";
export { webSocketDial } from "./channel/web-socket.js";
export type { WriteCallbacks } from "./channel/write-queue.js";
export type { Clock, Random, Timer } from "./clock.js";
export type { DecodedMessage, FrameFault } from "./codec/decode.js";
export { decodeClientMessage } from "./codec/decode.js";
export type { ClientMessage } from "./codec/encode.js";
export { encodeClientMessage } from "./codec/encode.js";
export type { FillRandom } from "./codec/message-id.js";
export { payloadType, sessionFlag } from "./codec/payload-type.js";
export type { DataKey, DataKeyProvider, DataKeyRequest } from "./handshake/data-keys.js";
export type { AgentAbilities } from "./handshake/versions.js";
export { agentAbilities } from "./handshake/versions.js";
export { interpret, statusWords } from "./interpret.js";
export type { ForwardOptions, PortForward } from "./port/forward.js";
export type { PortMode } from "./port/port-line.js";
export type { PortFace } from "./port/port-plugin.js";
export { portPlugin } from "./port/port-plugin.js";
export type { SsmSessionInput, StartedElsewhere } from "./provider/lifecycle.js";
export type {
  ResumedSession,
  SsmOperations,
  StartedSession as StartedAtService,
  StartInput as SsmStartInput,
  WhichSession,
} from "./provider/operations.js";
export type { SsmOptions } from "./provider/options.js";
export type { SsmFacets, SsmProvider } from "./provider/ssm.js";
export { ssm } from "./provider/ssm.js";
export { builtInPlugins } from "./sessions/built-in.js";
export type { ActiveSession, SessionDefaults, SessionHandlerOptions, StartInput } from "./sessions/handler.js";
export { SessionHandler } from "./sessions/handler.js";
export { openDataChannel } from "./sessions/open.js";
export type { PluginContext, SessionConfig, SessionPlugin, StartedSession } from "./sessions/plugin.js";
export { SessionPluginRegistry } from "./sessions/registry.js";
export type { RunOptions, RunResult } from "./sessions/run.js";
export type { OpenOptions, Session } from "./sessions/session.js";
export type { Shell, ShellOptions, ShellSignal, TerminalSize } from "./sessions/shell.js";
export type { ShellFace } from "./sessions/shell-plugin.js";
export { shellPlugin } from "./sessions/shell-plugin.js";
