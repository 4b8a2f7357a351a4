import type { Reply } from "../../http/reply.js";
import { jsonReply } from "../json.js";

export const ndjson = (line: unknown): string => `${JSON.stringify(line)}\n`;

export const ollamaReply = (status: number, body: unknown): Reply =>
  jsonReply(status, body, { "Content-Type": "application/json; charset=utf-8" });

export const ollamaError = (status: number, error: string): Reply => ollamaReply(status, { error });

/** RFC 3339 with nine digits of a second, as Go writes instants. */
export const goTime = (atMs: number): string => new Date(atMs).toISOString().replace("Z", "000001Z");
