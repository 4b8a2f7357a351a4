import { createHash } from "node:crypto";
import type { AnyProvider, LimitRule } from "../../contract/index.js";
import { mintId } from "../../random.js";
import type { BucketIdentity } from "../bucket.js";
import type { Gate } from "../gate.js";
import type { RoundTrip } from "../round-trip.js";
import { BudgetLink, type LinkOptions } from "./budget-link.js";
import { SharedBucket } from "./shared-bucket.js";
import { SharedPermits } from "./shared-permits.js";

export interface SharingOptions extends LinkOptions {
  readonly gate: Pick<Gate, "queuedFor" | "refresh">;
}

/** What one transport shares with others: makes its buckets, each with a key that is the same in every process. */
export class Sharing {
  readonly #options: SharingOptions;
  readonly #link: BudgetLink;
  readonly #buckets = new Set<SharedBucket>();

  constructor(options: SharingOptions) {
    this.#options = options;
    this.#link = new BudgetLink(options);
  }

  bucket(
    provider: AnyProvider,
    identity: BucketIdentity,
    remoteId: string | undefined,
    roundTrip: RoundTrip,
    rules: readonly LimitRule[],
    isOpen: boolean,
  ): SharedBucket {
    const { gate, clock, random } = this.#options;
    const made = new SharedBucket(
      identity,
      roundTrip,
      rules,
      isOpen,
      (bucket) =>
        new SharedPermits({
          ...{ clock, random, link: this.#link },
          // One provider may be given twice in one process: each is a holder of its own.
          holder: mintId("hold", clock.now(), random),
          key: sharedKey(provider, identity, remoteId),
          queued: () => gate.queuedFor(bucket),
          end: () => bucket.endOfWindow(clock.now()),
          sureMs: () => Math.floor(roundTrip.sureMs),
          onChange: () => gate.refresh(bucket),
        }),
    );
    this.#buckets.add(made);
    return made;
  }

  /** For a session that is forgotten. */
  release(bucket: SharedBucket): void {
    this.#buckets.delete(bucket);
    void bucket.close();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#buckets].map((bucket) => bucket.close()));
    await this.#link.close();
  }
}

/**
 * Whose allowance it is. Accounts are told apart by a digest of their token where that is a plain text; where it comes from a
 * function, it may be another one each time, and all accounts of one provider and host count as one.
 */
function sharedKey(provider: AnyProvider, identity: BucketIdentity, remoteId: string | undefined): string {
  const host = URL.canParse(provider.baseUrl) ? new URL(provider.baseUrl).host : provider.baseUrl;
  const session = identity.scope === "session" ? [remoteId ?? identity.sessionId ?? ""] : [];
  return [provider.id, host, accountOf(provider), identity.name, ...session].map(encodeURIComponent).join("/");
}

function accountOf({ credentials }: AnyProvider): string {
  const tokens = Object.entries(credentials).filter(([, source]) => typeof source === "string" && source !== "");
  if (tokens.length === 0) return "";
  const text = JSON.stringify(tokens.toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return createHash("sha256").update(text).digest("base64url").slice(0, 16);
}
