import { facetWith, type ProviderFault } from "./fault.js";

/** What a provider does with its lines, wrongly. */
export const connectFaults: readonly ProviderFault[] = [
  {
    name: "has nothing to offer on its line",
    change: facetWith("connect", ({ connect }) => ({
      connect: async (context, tools) => ({
        close: (await connect(context, tools)).close,
        surface: undefined,
      }),
    })),
    fails: ["a connected session has one line, and it is given to whoever asks"],
  },
  {
    name: "never ends closing its line",
    change: facetWith("connect", ({ connect }) => ({
      connect: async (context, tools) => ({ ...(await connect(context, tools)), close: () => new Promise(() => {}) }),
    })),
    fails: [
      "a line is closed when its session is released, is closed once however often it is asked, and tells nothing after",
      "a line that was lost is mended or opened anew, and never are there two",
      "a closed session's line is terminated before the provider is asked",
    ],
  },
  {
    name: "makes a line that nobody wants any more",
    change: facetWith("connect", ({ connect }) => ({
      connect: (context, tools) => connect(context, { ...tools, signal: new AbortController().signal }),
    })),
    fails: ["a line that cannot be made rejects, and one that is not wanted any more is given up"],
  },
];
