import { isColloquyError } from "../contract/index.js";
import { type Logger, silentLogger } from "../logger.js";
import type { Telemetry } from "../telemetry.js";
import type { ExchangeRequest, OperationResult } from "./exchange.js";
import type { Execution } from "./execution.js";
import type { AttemptSubject, Workshop } from "./workshop.js";

/** Names only: what the call carries is nobody's business here. */
function subjectOf({ provider, operation }: AttemptSubject): { readonly provider: string; readonly operation: string } {
  return { provider: provider.id, operation: operation.name };
}

export function isListening(telemetry: Telemetry): boolean {
  return telemetry.isListening?.() ?? true;
}

/** Tells the logger and the counters of each attempt. */
export function reportAttempts(logger: Logger, telemetry: Telemetry): Workshop["onAttempt"] {
  return (request, { attempt, status, fault, durationMs, isRefused }) => {
    if (logger === silentLogger && !isListening(telemetry)) return;
    const subject = subjectOf(request);
    logger.log("debug", isRefused ? "transport.refused" : "transport.attempt", {
      ...subject,
      sessionId: request.session?.id,
      attempt,
      status,
      fault,
      durationMs,
    });
    telemetry.count("colloquy.transport.attempts", { ...subject, status, fault });
    if (isRefused) telemetry.count("colloquy.transport.refusals", subject);
  };
}

/** Wraps one call in a span and measures it. */
export async function observe<Input, Output>(
  telemetry: Telemetry,
  request: ExchangeRequest<Input, Output>,
  execution: Execution<Input, Output>,
): Promise<OperationResult<Output>> {
  const subject = subjectOf(request);
  const span = telemetry.span("colloquy.transport.execute", { ...subject, sessionId: request.session?.id });
  const finish = (outcome: string): void => {
    const { attempts, waitMs, status } = execution;
    span.set({ attempts, waitMs, status, outcome });
    telemetry.record("colloquy.transport.wait_ms", waitMs, subject);
    telemetry.count("colloquy.transport.requests", { ...subject, outcome });
  };
  try {
    const result = await execution.run();
    finish("succeeded");
    telemetry.record("colloquy.transport.duration_ms", result.durationMs, subject);
    span.end();
    return result;
  } catch (error) {
    finish(isColloquyError(error) ? error.outcome : "cancelled");
    // Others' errors may say anything; ours were redacted when they were made.
    span.end(isColloquyError(error) ? error : new Error(error instanceof Error ? error.name : "Error"));
    throw error;
  }
}
