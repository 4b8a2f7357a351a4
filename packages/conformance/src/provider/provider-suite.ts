import type { AnyProvider } from "@colloquy/core";
import { answerCases } from "./answer-cases.js";
import { askCases } from "./ask-cases.js";
import { capabilityCases } from "./capability-cases.js";
import { connectCases } from "./connect-cases.js";
import { withContext } from "./context.js";
import { manifestCases } from "./manifest-cases.js";
import { pairingCases } from "./pairing-cases.js";
import type { ProviderCase } from "./provider-case.js";
import { receiveCases } from "./receive-cases.js";
import { secrecyCases } from "./secrecy-cases.js";
import { sendCases } from "./send-cases.js";
import { sessionCases } from "./session-cases.js";
import type { ProviderWorld, WorldAbility } from "./world.js";

export interface ProviderSuiteOptions {
  /** The runner's own: `test` of vitest, of `node:test`, of Jest. */
  readonly test: (title: string, run: () => Promise<void>) => unknown;
  /** For the lines about skipped tests. */
  readonly name: string;
  /** The provider with any options: what it declares decides which tests apply. It is not called. */
  readonly provider: AnyProvider;
  /** Makes a fresh world for each test. */
  readonly harness: () => Promise<ProviderWorld>;
  /** What the world is unable to do, and why. Tests that need it are skipped, and nothing else is. */
  readonly cannot?: Readonly<Partial<Record<WorldAbility, string>>>;
  /** Gets a line for each skipped test. Default: `console.info`. */
  readonly announce?: (line: string) => void;
}

export interface SkippedProviderTest {
  readonly title: string;
  readonly because: string;
}

export interface ProviderSuiteReport {
  /** In order of registration. */
  readonly titles: readonly string[];
  readonly skipped: readonly SkippedProviderTest[];
}

const cases: readonly ProviderCase[] = [
  ...manifestCases,
  ...answerCases,
  ...sessionCases,
  ...pairingCases,
  ...sendCases,
  ...receiveCases,
  ...connectCases,
  ...askCases,
  ...capabilityCases,
  ...secrecyCases,
];

/** Registers every test of the provider contract with the given runner. The tests run on the real clock, over loopback. */
export function providerSuite(options: ProviderSuiteOptions): ProviderSuiteReport {
  const { test, name, provider, harness, cannot = {}, announce = (line) => console.info(line) } = options;
  const titles: string[] = [];
  const skipped: SkippedProviderTest[] = [];
  for (const { title, applies, needs, run } of cases) {
    const because = applies?.to(provider) === false ? applies.otherwise : needs && cannot[needs];
    if (because !== undefined) {
      skipped.push({ title, because });
      announce(`SKIP ${name}: ${title} (${because})`);
      continue;
    }
    titles.push(title);
    test(title, () => withContext(harness, async (context) => run(context)));
  }
  return { titles, skipped };
}
