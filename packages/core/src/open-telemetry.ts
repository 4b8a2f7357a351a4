import { noTelemetry, type Telemetry } from "./telemetry.js";

export async function openTelemetry(): Promise<Telemetry> {
  return noTelemetry;
}

export function detectTelemetry(): Telemetry {
  return noTelemetry;
}
