import { providerMatrix } from "../../packages/conformance/src/provider/matrix.js";
import { providerSuite } from "../../packages/conformance/src/provider/provider-suite.js";
import type { AnyProvider } from "../../packages/core/src/contract/index.js";
import { referenceProvider } from "../../packages/core/src/testing/index.js";
import { wasender } from "../../packages/providers/wasender/src/index.js";
import { table } from "../lib/markdown.js";

const providers: readonly AnyProvider[] = [
  wasender(),
  referenceProvider({ baseUrl: "http://127.0.0.1:1", personalAccessToken: "made-up" }),
];

const words = (values: readonly string[]): string =>
  values.length === 0 ? "–" : values.map((value) => `\`${value}\``).join(" ");
const answer = (yes: boolean): string => (yes ? "yes" : "–");

/** What each provider declares, one column each. The conformance suite holds every provider to its column. */
export function renderProviders(): string {
  const matrix = providerMatrix(providers);
  const row = (title: string, cell: (entry: (typeof matrix)[number]) => string): string[] => [
    title,
    ...matrix.map(cell),
  ];
  const capabilities = Object.keys(matrix[0]?.capabilities ?? {}) as (keyof (typeof matrix)[number]["capabilities"])[];
  return table(
    ["", ...matrix.map(({ displayName }) => displayName)],
    [
      row("Id", ({ id }) => `\`${id}\``),
      row("Checked against sources of", ({ asOf }) => asOf),
      ...capabilities.map((name) => row(`\`${name}\``, ({ capabilities: has }) => answer(has[name]))),
      row("Challenges", ({ pairingKinds }) => words(pairingKinds)),
      row("Messages", ({ messageKinds }) => words(messageKinds)),
      row("Disconnecting unpairs", ({ traits }) => answer(traits.disconnectUnpairs)),
      row("State is polled", ({ traits }) => answer(traits.statePolling)),
      row("Holds a connection", ({ traits }) => answer(traits.hasTransport)),
      row("Can restart what failed", ({ traits }) => answer(traits.canRestart)),
      row("Operations", ({ operationCount }) => String(operationCount)),
      ["Conformance tests", ...providers.map(testsOf)],
    ],
  );
}

function testsOf(provider: AnyProvider): string {
  const never = (): never => {
    throw new Error("Only the titles are wanted.");
  };
  const { titles, skipped } = providerSuite({
    test: () => {},
    name: provider.id,
    provider,
    harness: never,
    announce: () => {},
  });
  return `${titles.length}, and ${skipped.length} that ${skipped.length === 1 ? "does" : "do"} not apply`;
}

/** Every test of the provider suite, in order. */
export function renderProviderTests(): string {
  const [provider] = providers as readonly [AnyProvider];
  const { titles, skipped } = providerSuite({
    test: () => {},
    name: "all",
    provider,
    harness: () => Promise.reject(new Error("unused")),
    announce: () => {},
  });
  return [...titles, ...skipped.map(({ title }) => title)].map((title) => `* ${title}`).join("\n");
}
