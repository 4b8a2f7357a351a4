import type { SharedBudget } from "@colloquy/core";
import { grantingCases } from "./granting-cases.js";
import { settlingCases } from "./settling-cases.js";
import { type SharedBudgetCase, type SharedBudgetSubject, TestHolder } from "./shared-budget-case.js";
import { waitingCases } from "./waiting-cases.js";

export interface SharedBudgetSuiteOptions {
  /** The runner's own: `test` of vitest, of `node:test`, of Jest. */
  readonly test: (title: string, run: () => Promise<void>) => unknown;
  /** A fresh place for each test. */
  readonly factory: () => Promise<SharedBudgetSubject>;
  /** For the lines about skipped tests. */
  readonly name: string;
  /** Whether the budget may lose what it knows: tests of that are skipped where it cannot. Default true. */
  readonly canForget?: boolean;
  /** Gets a line for each skipped test. Default: `console.info`. */
  readonly announce?: (line: string) => void;
}

export interface SharedBudgetSuiteReport {
  /** In order of registration. */
  readonly titles: readonly string[];
  readonly skipped: readonly string[];
}

const cases: readonly SharedBudgetCase[] = [...grantingCases, ...settlingCases, ...waitingCases];

/** Registers every test of the contract of shared budgets with the given runner. */
export function sharedBudgetSuite({
  test,
  factory,
  name,
  canForget = true,
  announce = (line) => console.info(line),
}: SharedBudgetSuiteOptions): SharedBudgetSuiteReport {
  const titles: string[] = [];
  const skipped: string[] = [];
  for (const { title, needsForgetting = false, run } of cases) {
    if (needsForgetting && !canForget) {
      skipped.push(title);
      announce(`SKIP ${name}: ${title} (the budget cannot forget)`);
      continue;
    }
    titles.push(title);
    test(title, async () => {
      const { budget, dispose, ...subject } = await factory();
      const handles: SharedBudget[] = [];
      try {
        await run({
          ...subject,
          holder: (holderName, options) => {
            const handle = budget();
            handles.push(handle);
            return new TestHolder(handle, holderName, options);
          },
        });
      } finally {
        for (const handle of handles) await handle.close();
        await dispose?.();
      }
    });
  }
  return { titles, skipped };
}
