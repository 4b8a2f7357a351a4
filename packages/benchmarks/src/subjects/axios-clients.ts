import { Agent } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import axios, { type AxiosInstance, isAxiosError } from "axios";
import axiosRetry, { exponentialDelay } from "axios-retry";
import { bodyOf, type Client, type Message, mostAttempts, type Subject } from "./subject.js";

/** axios as a program would make it: keep-alive, and without the redirect wrapper, which costs a third. */
export function plainAxios(maxRedirects = 0): AxiosInstance {
  return axios.create({ httpAgent: new Agent({ keepAlive: true }), maxRedirects });
}

export function axiosClient(instance: AxiosInstance, send: (message: Message) => Promise<unknown>): Client {
  return {
    send: async (message) => void (await send(message)),
    close: async () => (instance.defaults.httpAgent as Agent).destroy(),
  };
}

/** How long a refusal asks to wait; undefined when it is none. */
function askedMs(error: unknown): number | undefined {
  if (!isAxiosError(error) || error.response?.status !== 429) return undefined;
  const { headers, data } = error.response;
  const asked = (data as { readonly retry_after?: number }).retry_after ?? Number(headers["retry-after"]);
  return Number.isFinite(asked) ? asked * 1_000 : 1_000;
}

/** Sends all at once; whoever is refused waits as long as asked and comes back, as often as it takes. */
export const axiosLoop: Subject = {
  name: "axios in a loop",
  open: ({ url }) => {
    const instance = plainAxios();
    return axiosClient(instance, async (message) => {
      for (;;) {
        try {
          return await instance.post(url, bodyOf(message));
        } catch (error) {
          const waitMs = askedMs(error);
          if (waitMs === undefined) throw error;
          await delay(waitMs);
        }
      }
    });
  },
};

/** 503 and 429 are repeated for POST too; `exponentialDelay` honours `Retry-After`. */
export function withRetries(instance: AxiosInstance): AxiosInstance {
  axiosRetry(instance, {
    retries: mostAttempts,
    retryDelay: (count, error) => Math.min(5_000, exponentialDelay(Math.min(count, 6), error)),
    retryCondition: (error) => error.response?.status === 429 || error.response?.status === 503,
  });
  return instance;
}

export const axiosWithRetry: Subject = {
  name: "axios-retry, tuned",
  open: ({ url }) => {
    const instance = withRetries(plainAxios());
    return axiosClient(instance, (message) => instance.post(url, bodyOf(message)));
  },
};
