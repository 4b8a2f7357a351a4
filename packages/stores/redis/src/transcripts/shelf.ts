import {
  type Conversation,
  type ConversationId,
  type ConversationSeal,
  conversationNotFound,
  type SecretSeal,
} from "@colloquy/core";
import { newStamp, readRow } from "../store/row-text.js";
import { evaluate, type Server } from "../store/server.js";
import type { ConversationKeys } from "./conversation-keys.js";
import { headFields, readHead, removeAll } from "./head-scripts.js";
import type { Places } from "./places.js";

/** Seals that are kept at hand. ASSUMED: about a kilobyte each. */
const mostSeals = 1_000;

/** What can be known of a conversation without its key. */
export type Head = Readonly<Record<(typeof headFields)[number] | "count", string>>;

export interface Found {
  readonly conversation: Conversation;
  /** Undefined for what is not encrypted. */
  readonly seal: ConversationSeal | undefined;
  readonly head: Head;
}

/** What is kept of a conversation as one text, which is sealed where it is encrypted. */
type Body = Pick<Conversation, "title" | "context" | "metadata" | "lineage">;

/** What the parts of this group share: where conversations lie, and how they are opened. */
export class Shelf {
  readonly server: Server;
  readonly keys: ConversationKeys;
  readonly places: Places;
  readonly #secretSeal: SecretSeal;
  readonly #seals = new Map<string, ConversationSeal>();

  constructor(server: Server, keys: ConversationKeys, places: Places, secretSeal: SecretSeal) {
    this.server = server;
    this.keys = keys;
    this.places = places;
    this.#secretSeal = secretSeal;
  }

  async head(id: ConversationId): Promise<Head | undefined> {
    return headIn(await this.server.readScript(readHead, this.keys.some(id, "head", "messages"), []));
  }

  async find(id: ConversationId): Promise<Found | undefined> {
    const head = await this.head(id);
    return head && this.open(id, head);
  }

  /** Fails with `SESSION_NOT_FOUND`. */
  async need(id: ConversationId): Promise<Found> {
    const found = await this.find(id);
    if (!found) throw conversationNotFound(id);
    return found;
  }

  async open(id: ConversationId, head: Head): Promise<Found> {
    const seal = await this.sealOf(id, head.seal);
    const conversation = readRow<Conversation>(seal ? seal.open("body", head.body) : head.body, {
      id,
      ...placed(head),
      createdAtMs: Number(head.created),
      revision: Number(head.revision),
      messageCount: Number(head.count),
      lastSeq: Number(head.last),
      isEncrypted: seal !== undefined,
    });
    return { conversation, seal, head };
  }

  newSalt(): string {
    return this.#secretSeal.newSalt();
  }

  /** Fails with `SECRET_UNREADABLE` when the key is missing or another one. */
  async sealOf(id: ConversationId, salt: string): Promise<ConversationSeal | undefined> {
    if (salt === "") return undefined;
    const name = `${salt} ${id}`;
    const known = this.#seals.get(name);
    if (known) return known;
    const seal = await this.#secretSeal.conversationSeal(id, salt);
    if (this.#seals.size >= mostSeals) this.#seals.clear();
    this.#seals.set(name, seal);
    return seal;
  }

  closeBody(seal: ConversationSeal | undefined, { title, context, metadata, lineage }: Conversation): string {
    const text = JSON.stringify({ title, context, metadata, lineage } satisfies Body);
    return seal ? seal.close("body", text) : text;
  }

  /** Needs no key. False when there was none. */
  async remove(id: ConversationId): Promise<boolean> {
    const stamp = await this.places.stampOf(id);
    const head = await this.head(id);
    if (!head) return false;
    const isRemoved = await this.server.write(
      async (client, isRepeat) => (await evaluate(client, removeAll, this.keys.all(id), [])) === 1 || isRepeat,
    );
    if (isRemoved) await this.places.drop({ id, stamp }, this.keys.due, ...this.keys.ordersOf(placed(head)));
    return isRemoved;
  }
}

export function headIn(answer: unknown): Head | undefined {
  const found = answer as readonly (string | number | null)[];
  if (found.length === 0) return undefined;
  return Object.fromEntries(
    [...headFields, "count"].map((field, index) => [field, String(found[index] ?? "")]),
  ) as Head;
}

/** What is not sealed, so that it can be listed and removed without a key. */
export function placed(head: Head): Pick<Conversation, "ownerId" | "sessionId" | "updatedAtMs" | "expiresAtMs"> {
  return {
    ...(head.owner === "" ? {} : { ownerId: JSON.parse(head.owner) as string }),
    ...(head.session === "" ? {} : { sessionId: JSON.parse(head.session) as string }),
    ...(head.expires === "" ? {} : { expiresAtMs: Number(head.expires) }),
    updatedAtMs: Number(head.updated),
  };
}

/** A conversation's fields as `makeHead` takes them, flat. */
export function fieldsOf(conversation: Conversation, body: string, salt: string): readonly (string | number)[] {
  const { ownerId, sessionId, createdAtMs, updatedAtMs, expiresAtMs, revision, lastSeq } = conversation;
  const fields: Omit<Record<(typeof headFields)[number], string | number>, "made"> = {
    body,
    owner: ownerId === undefined ? "" : JSON.stringify(ownerId),
    session: sessionId === undefined ? "" : JSON.stringify(sessionId),
    created: createdAtMs,
    updated: updatedAtMs,
    expires: expiresAtMs ?? "",
    revision,
    last: lastSeq,
    seal: salt,
    stamp: newStamp(),
  };
  return Object.entries(fields).flat();
}
