import type { Store, StoreManifest } from "@colloquy/core";

/** One fresh, empty place to store in. */
export interface StoreSubject {
  /** Not opened yet. The suite opens and closes it. */
  readonly store: Store;
  /** Another store on the same place, not opened. Required when the manifest promises durability or sharing. */
  readonly reopen?: () => Promise<Store>;
  /** All bytes at rest. Required when the manifest promises that secrets are encrypted. */
  readonly stored?: () => Promise<readonly Uint8Array[]>;
  /** Lets the time pass by which leases run out, in milliseconds. Default: waits. */
  readonly passTime?: (ms: number) => Promise<void>;
  /** Removes the place. Called after every test, also after a failed one. */
  readonly dispose?: () => Promise<void>;
}

/** What a test gets: the store is open, and is closed afterwards. */
export interface StoreCaseContext extends StoreSubject {
  readonly store: Store;
  readonly manifest: StoreManifest;
  readonly passTime: (ms: number) => Promise<void>;
}

export interface StoreCase {
  /** A sentence about the store. */
  readonly title: string;
  /** The test runs only for stores that make this promise. Absent: every store must pass. */
  readonly promise?: {
    readonly isMade: (manifest: StoreManifest) => boolean;
    /** Why it was skipped. */
    readonly otherwise: string;
  };
  readonly run: (context: StoreCaseContext) => void | Promise<void>;
}
