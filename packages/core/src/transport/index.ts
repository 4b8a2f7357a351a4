export { Cancellation } from "../cancellation.js";
export type { BucketView, ExchangeRequest, ExchangeSession, OperationResult, Transport } from "./exchange.js";
export type { TransportLimits, TransportOptions } from "./options.js";
export { defaultTransportLimits } from "./options.js";
export { redactText } from "./redact.js";
export { createTransport } from "./transport.js";
export type { WakeScheduler } from "./wake.js";
export { bottleneckWake, clockWake } from "./wake.js";
