import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import type { StoreManifest } from "@colloquy/core";
import { askCases } from "./ask-cases.js";
import { copyCases } from "./copy-cases.js";
import { durabilityCases } from "./durability-cases.js";
import { hostileTextCases } from "./hostile-text-cases.js";
import { inboxCases } from "./inbox-cases.js";
import { leaseCases } from "./lease-cases.js";
import { lifetimeCases } from "./lifetime-cases.js";
import { listCases } from "./list-cases.js";
import { logCases } from "./log-cases.js";
import { outboxCases } from "./outbox-cases.js";
import { outboxMoveCases } from "./outbox-move-cases.js";
import { outboxReceiptCases } from "./outbox-receipt-cases.js";
import { recordCases } from "./record-cases.js";
import { removalCases } from "./removal-cases.js";
import { secretCases } from "./secret-cases.js";
import { sharingCases } from "./sharing-cases.js";
import type { StoreCase, StoreSubject } from "./store-case.js";
import { transcriptConversationCases } from "./transcript-conversation-cases.js";
import { transcriptCopyCases } from "./transcript-copy-cases.js";
import { transcriptKeepingCases } from "./transcript-keeping-cases.js";
import { transcriptListCases } from "./transcript-list-cases.js";
import { transcriptMessageCases } from "./transcript-message-cases.js";
import { transcriptSearchCases } from "./transcript-search-cases.js";

export type StoreFactory = () => Promise<StoreSubject>;

export interface StoreSuiteOptions {
  /** The runner's own: `test` of vitest, of `node:test`, of Jest. */
  readonly test: (title: string, run: () => Promise<void>) => unknown;
  readonly factory: StoreFactory;
  /** What the store promises. Tests of what it does not promise are skipped, and nothing else is. */
  readonly manifest: StoreManifest;
  /** Gets a line for each skipped test. Default: `console.info`. */
  readonly announce?: (line: string) => void;
}

export interface SkippedTest {
  readonly title: string;
  readonly because: string;
}

export interface StoreSuiteReport {
  /** In order of registration. */
  readonly titles: readonly string[];
  readonly skipped: readonly SkippedTest[];
}

const manifestCase: StoreCase = {
  title: "states the manifest that the suite was given",
  run: ({ store, manifest }) => assert.deepEqual(store.manifest, manifest),
};

const cases: readonly StoreCase[] = [
  manifestCase,
  ...lifetimeCases,
  ...recordCases,
  ...listCases,
  ...removalCases,
  ...logCases,
  ...outboxCases,
  ...outboxMoveCases,
  ...outboxReceiptCases,
  ...inboxCases,
  ...secretCases,
  ...leaseCases,
  ...askCases,
  ...copyCases,
  ...hostileTextCases,
  ...durabilityCases,
  ...sharingCases,
  ...transcriptConversationCases,
  ...transcriptMessageCases,
  ...transcriptListCases,
  ...transcriptSearchCases,
  ...transcriptCopyCases,
  ...transcriptKeepingCases,
];

/** Registers every test of the store contract with the given runner. Each test gets a fresh place from `factory`. */
export function storeSuite({
  test,
  factory,
  manifest,
  announce = (line) => console.info(line),
}: StoreSuiteOptions): StoreSuiteReport {
  const titles: string[] = [];
  const skipped: SkippedTest[] = [];
  for (const { title, promise, run } of cases) {
    if (promise && !promise.isMade(manifest)) {
      skipped.push({ title, because: promise.otherwise });
      announce(`SKIP ${manifest.name}: ${title} (${promise.otherwise})`);
      continue;
    }
    titles.push(title);
    test(title, async () => {
      const subject = await factory();
      try {
        await subject.store.open();
        await run({ passTime: wait, ...subject, manifest });
      } finally {
        await subject.store.close();
        await subject.dispose?.();
      }
    });
  }
  return { titles, skipped };
}
