export type LogLevel = "debug" | "info" | "warn" | "error";

/** Fields of a log line. Core puts ids, codes, counts and durations in; never tokens, texts or phone numbers. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** One method, so that pino, winston or console adapt in a line. */
export interface Logger {
  log(level: LogLevel, event: string, fields: LogFields): void;
}

/** The default. */
export const silentLogger: Logger = { log: () => {} };
