import got from "got";
import ky from "ky";
import PQueue from "p-queue";
import { Agent, RetryAgent, request } from "undici";
import { createWasender } from "wasenderapi";
import { bodyOf, mostAttempts, type Subject, tightestOf } from "./subject.js";

const repeated = { methods: ["POST"] as const, statusCodes: [429, 503] };

export const gotClient: Subject = {
  name: "got",
  open: ({ url }) => {
    const client = got.extend({ retry: { limit: mostAttempts, methods: ["POST"], statusCodes: [429, 503] } });
    return {
      send: async (message) => void (await client.post(url, { json: bodyOf(message) })),
      close: async () => {},
    };
  },
};

const kyClient = ky.create({
  retry: { limit: mostAttempts, methods: ["post"], statusCodes: [429, 503], backoffLimit: 5_000 },
  timeout: false,
});

export const kyWithQueue: Subject = {
  name: "p-queue + ky",
  needsKnownLimit: true,
  open: ({ url, known }) => {
    const { limit, windowMs } = tightestOf(known);
    const queue = new PQueue({ intervalCap: limit, interval: windowMs, strict: true });
    return {
      send: async (message) => {
        const post = (): Promise<string> => kyClient.post(url, { json: bodyOf(message) }).text();
        await queue.add(post, { priority: message.isUrgent ? 1 : 0 });
      },
      close: async () => queue.clear(),
    };
  },
};

export const undiciRetry: Subject = {
  name: "undici RetryAgent",
  open: ({ url }) => {
    const dispatcher = new RetryAgent(new Agent(), {
      maxRetries: mostAttempts,
      methods: [...repeated.methods],
      statusCodes: repeated.statusCodes,
      maxTimeout: 5_000,
      errorCodes: [],
    });
    return {
      send: async (message) => {
        const { statusCode, body } = await request(url, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(bodyOf(message)),
          dispatcher,
        });
        await body.dump();
        if (statusCode >= 400) throw new Error(`answered ${statusCode}`);
      },
      close: () => dispatcher.close(),
    };
  },
};

export const wasenderClient: Subject = {
  name: "wasenderapi",
  isSingleLine: true,
  open: ({ url }) => {
    const client = createWasender("key", undefined, url, undefined, { enabled: true, maxRetries: mostAttempts });
    return {
      send: async ({ id, session }) => void (await client.send({ messageType: "text", to: session, text: id })),
      close: async () => {},
    };
  },
};
