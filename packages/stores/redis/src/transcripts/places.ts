import type { Conversation, ConversationId } from "@colloquy/core";
import { newStamp } from "../store/row-text.js";
import type { Server } from "../store/server.js";
import type { ConversationKeys } from "./conversation-keys.js";
import { delayExpiry, dropPlace, filePlace, movePlace, pageLowest, pagePlaces } from "./place-scripts.js";

export interface Place {
  readonly id: ConversationId;
  /** The instant that it stands at. */
  readonly atMs: number;
  readonly stamp: string;
}

type Placed = Pick<Conversation, "id" | "ownerId" | "sessionId" | "updatedAtMs" | "expiresAtMs">;

/**
 * Where conversations stand in the orders, which lie in another slot than they. As with sessions, a place is made before its
 * conversation and again after it, and one without a conversation is dropped by whoever meets it. A change is first made, then
 * the place moved, before anybody is told: whoever finds a conversation behind its place moves it there.
 */
export class Places {
  readonly #server: Server;
  readonly #keys: ConversationKeys;

  constructor(server: Server, keys: ConversationKeys) {
    this.#server = server;
    this.#keys = keys;
  }

  async file(conversation: Placed): Promise<void> {
    const { id, updatedAtMs, expiresAtMs } = conversation;
    await this.#server.writeScript(
      filePlace,
      [this.#keys.stamps, this.#keys.due, ...this.#keys.ordersOf(conversation)],
      [id, newStamp(), updatedAtMs, expiresAtMs ?? ""],
    );
  }

  async move(conversation: Omit<Placed, "expiresAtMs">): Promise<void> {
    const { id, updatedAtMs } = conversation;
    await this.#server.writeScript(movePlace, this.#keys.ordersOf(conversation), [id, updatedAtMs]);
  }

  /** From the orders given; `due` may be one of them. Does nothing when it was filed after the stamp was read. */
  async drop({ id, stamp }: Pick<Place, "id" | "stamp">, ...orders: readonly string[]): Promise<void> {
    await this.#server.writeScript(dropPlace, [this.#keys.stamps, ...orders], [id, stamp]);
  }

  async delay({ id, stamp }: Place, expiresAtMs: number | undefined): Promise<void> {
    await this.#server.writeScript(delayExpiry, [this.#keys.stamps, this.#keys.due], [id, stamp, expiresAtMs ?? ""]);
  }

  async stampOf(id: ConversationId): Promise<string> {
    return (await this.#server.read((client) => client.hget(this.#keys.stamps, id))) ?? "";
  }

  /** Newest first. */
  async page(order: string, after: Pick<Place, "id" | "atMs"> | undefined, count: number): Promise<readonly Place[]> {
    const from = after ? [after.atMs, after.id] : [];
    return placesIn(await this.#server.readScript(pagePlaces, [order, this.#keys.stamps], [count, ...from]));
  }

  /** Up to an instant, the earliest first; `(` before it leaves it out. */
  async earliest(order: string, until: string, skipped: number, count: number): Promise<readonly Place[]> {
    return placesIn(await this.#server.readScript(pageLowest, [order, this.#keys.stamps], [until, skipped, count]));
  }
}

function placesIn(answer: unknown): readonly Place[] {
  const flat = answer as readonly string[];
  return Array.from({ length: flat.length / 3 }, (_, index) => ({
    id: flat[3 * index] as string,
    atMs: Number(flat[3 * index + 1]),
    stamp: flat[3 * index + 2] as string,
  }));
}
