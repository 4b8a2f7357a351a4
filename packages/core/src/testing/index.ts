export type { ReferenceAskOperations, ReferenceAskView } from "./reference-ask-facet.js";
export type { ReferenceAsk, ReferenceAsks } from "./reference-asks.js";
export type {
  FaultOptions,
  ReferenceAnswer,
  ReferenceBackendOptions,
  ReferenceFault,
  ReferenceMessage,
  ReferenceRequest,
} from "./reference-backend.js";
export { ReferenceBackend } from "./reference-backend.js";
export type { ReferenceLimit } from "./reference-limits.js";
export { referenceLimits, referenceManifest } from "./reference-manifest.js";
export type {
  ReferenceOperations,
  ReferenceSession,
  ReferenceSessionInput,
  WhichSession,
} from "./reference-operations.js";
export { referenceOperations } from "./reference-operations.js";
export type { ReferencePhone } from "./reference-phone.js";
export type { ReferenceProvider, ReferenceProviderOptions } from "./reference-provider.js";
export { referenceProvider } from "./reference-provider.js";
export { signReference } from "./reference-receive.js";
export type { ReferenceService } from "./reference-service.js";
export { startReferenceService } from "./reference-service.js";
export type { ProcedureRun, ScriptedAnswer } from "./run-procedure.js";
export { runProcedure } from "./run-procedure.js";
export type { ScriptedLine, ScriptedLinesOptions, ScriptedSurface } from "./scripted-lines.js";
export { ScriptedLines } from "./scripted-lines.js";
export type { WireRun } from "./scripted-wire.js";
export { filledPath, runOverWire, wireAnswer } from "./scripted-wire.js";
export type { VirtualClock } from "./virtual-clock.js";
export { settle, virtualClock } from "./virtual-clock.js";
