import { onTestFinished } from "vitest";
import type {
  ChatAnswer,
  ChatModel,
  ChatPiece,
  ChatRequest,
  ConverseFacet,
  Monitor,
} from "../../src/contract/index.js";
import { ColloquyError } from "../../src/contract/index.js";
import { seededRandom } from "../../src/random.js";
import { type Colloquy, createColloquy } from "../../src/sessions/colloquy.js";
import { memoryStore } from "../../src/store/memory.js";
import type { Store } from "../../src/store/store.js";
import { noTelemetry } from "../../src/telemetry.js";
import { settle, type VirtualClock, virtualClock } from "../../src/testing/virtual-clock.js";
import { fakeProvider } from "../transport/fake-provider.js";
import { createAxiosFeed, type Feed } from "./feed.js";

/** A model whose every answer is a script: lines of `text`, `usage`, `end`, `error`. */
export function scriptedModel(name: string, options: Partial<ChatModel> = {}): ChatModel {
  const account = {
    ...fakeProvider({ baseUrl: `http://${name}.test`, readRateLimits: () => [] }),
    id: name,
    readFailure: () => undefined,
  };
  return {
    id: `scripted:${name}`,
    type: "scripted",
    name,
    isLocal: true,
    account,
    chat: {
      name: "chat",
      summary: "Asks.",
      method: "POST",
      path: "/chat",
      credential: "none",
      repeatable: "never",
      buckets: [],
      encode: (request: ChatRequest) => ({
        body: { kind: "json", value: { messages: request.messages.map(({ role, content }) => `${role}: ${content}`) } },
      }),
      decode: () => ({ text: "", finish: "other" }),
      pieces: () => reader(),
    },
    ...options,
  };
}

function reader(): ReturnType<ChatModel["chat"]["pieces"]> {
  let rest = "";
  let answer: ChatAnswer = { text: "", finish: "other" };
  return {
    push: (text) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop() as string;
      return lines.flatMap((line): ChatPiece[] => {
        if (line.startsWith("error"))
          throw new ColloquyError({ code: "PROVIDER_UNAVAILABLE", message: line, outcome: "rejected" });
        if (line.startsWith("usage ")) answer = { ...answer, usage: { outputTokens: Number(line.slice(6)) } };
        else if (line === "end") answer = { ...answer, finish: "stop" };
        else {
          answer = { ...answer, text: answer.text + line };
          return [{ text: line }];
        }
        return [];
      });
    },
    end: () => {
      if (answer.finish !== "stop") throw new TypeError("It is not whole.");
      return answer;
    },
  };
}

export interface Talking {
  readonly colloquy: Pick<Colloquy<readonly []>, "conversations" | "shutdown">;
  readonly clock: VirtualClock;
  readonly store: Store;
  readonly feed: Feed;
  readonly models: readonly ChatModel[];
}

export interface TalkingOptions {
  readonly models?: readonly ChatModel[];
  readonly monitors?: readonly Monitor[];
  readonly route?: ConverseFacet["route"];
  readonly store?: Store;
}

/** A Colloquy whose models say what a test feeds them. Nothing leaves the process. */
export function talking(options: TalkingOptions = {}): Talking {
  const { models = [scriptedModel("one")], monitors = [], store = memoryStore() } = options;
  const { route = () => ({ models, why: "it was given first" }) } = options;
  const clock = virtualClock();
  const feed = createAxiosFeed();
  const provider = { ...fakeProvider(), validateConfig: () => [], facets: { converse: { models, monitors, route } } };
  const colloquy = createColloquy({
    providers: [provider] as readonly (typeof provider)[],
    store,
    clock,
    random: seededRandom(20_261_121),
    telemetry: noTelemetry,
    transport: { adapter: feed.adapter, limits: { backoffBaseMs: 1 } },
  });
  onTestFinished(() => colloquy.shutdown({ graceMs: 0 }));
  return { colloquy, clock, store, feed, models };
}

export { settle };
