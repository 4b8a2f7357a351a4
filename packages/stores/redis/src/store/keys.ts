import type { OutboxState } from "@colloquy/core";
import type { SessionId } from "@colloquy/core/contract";

export const outboxStates: readonly OutboxState[] = ["queued", "sending", "sent", "failed", "unknown", "cancelled"];

export type SessionPart =
  | "record"
  | "log"
  | `outbox${"" | ":ids" | ":keys" | ":departed" | `:${OutboxState}`}`
  | `inbox${"" | ":seen" | ":pending"}`
  | "secrets";

/** Everything that is kept of one session. `remove` takes them all, so a new part belongs here. */
const sessionParts: readonly SessionPart[] = [
  ...(["record", "log", "outbox", "outbox:ids", "outbox:keys", "outbox:departed"] as const),
  ...outboxStates.map((state) => `outbox:${state}` as const),
  ...(["inbox", "inbox:seen", "inbox:pending", "secrets"] as const),
];

/**
 * An id as a part of a key: ASCII, without braces, colons or anything else that a key or a pattern gives a meaning to. Two ids
 * never have the same, also where they are not well-formed text.
 */
export function keyText(id: string): string {
  return id === "" ? "=" : id.replaceAll(/[^\w-]/g, (unit) => `=${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** The id that `keyText` wrote. */
export function idOf(text: string): string {
  return text === "="
    ? ""
    : text.replaceAll(/=([\da-f]{4})/g, (_, unit: string) => String.fromCharCode(Number.parseInt(unit, 16)));
}

/**
 * Names of keys. The hash tag (braces) keeps what one session has on one node of a cluster, and what belongs to all sessions on
 * one other. An id never begins with `*` there, so the two cannot meet.
 */
export class Keys {
  readonly #prefix: string;
  /** `format`: the version of this layout; `seal`: how secrets are sealed. */
  readonly meta: string;
  /** All sessions in the order of their creation. */
  readonly order: string;
  /** By whom and when each place in the order was written last: a text that is never the same twice. */
  readonly stamps: string;
  /** Sessions that may have queued messages, and the stamps of those notes. */
  readonly waiting: string;
  readonly waitingStamps: string;
  readonly leases: string;
  readonly members: string;
  /** Of the questions of all sessions: by id, their numbers, the last number given, all and the open ones in order. */
  readonly asks: Readonly<Record<"rows" | "numbers" | "last" | "order" | "open", string>>;

  constructor(prefix: string) {
    this.#prefix = prefix;
    this.meta = `${prefix}{*meta}`;
    this.order = `${prefix}{*sessions}:order`;
    this.stamps = `${prefix}{*sessions}:stamps`;
    this.waiting = `${prefix}{*sessions}:waiting`;
    this.waitingStamps = `${prefix}{*sessions}:waiting-stamps`;
    this.leases = `${prefix}{*leases}:held`;
    this.members = `${prefix}{*leases}:members`;
    const ask = (part: string): string => `${prefix}{*asks}:${part}`;
    this.asks = {
      rows: ask("rows"),
      numbers: ask("numbers"),
      last: ask("last"),
      order: ask("order"),
      open: ask("open"),
    };
  }

  of(sessionId: SessionId, part: SessionPart): string {
    return `${this.#prefix}{${keyText(sessionId)}}:${part}`;
  }

  asksOf(sessionId: SessionId): string {
    return `${this.#prefix}{*asks}:of:${keyText(sessionId)}`;
  }

  askKey(key: string): string {
    return `${this.#prefix}{*asks}:key:${keyText(key)}`;
  }

  some(sessionId: SessionId, parts: readonly SessionPart[]): readonly string[] {
    return parts.map((part) => this.of(sessionId, part));
  }

  all(sessionId: SessionId): readonly string[] {
    return this.some(sessionId, sessionParts);
  }
}
