// What one request costs with no limit in the way: 32 at once over keep-alive. Arguments: subject, URL, requests.

import { REST } from "@discordjs/rest";
import axiosRetry from "axios-retry";
import Bottleneck from "bottleneck";
import got from "got";
import ky from "ky";
import { Agent, request } from "undici";
import { axiosClient, plainAxios } from "../subjects/axios-clients.js";
import { openColloquy } from "../subjects/colloquy-client.js";
import { wasenderClient } from "../subjects/fetch-clients.js";
import { slackWebApi } from "../subjects/platform-clients.js";
import { bodyOf, type Client } from "../subjects/subject.js";
import { printFigures } from "./measure.js";

const concurrent = 32;
const sessionCount = 8;

const roomy = { scope: "session", shape: "fixed", limit: 1_000_000, windowMs: 60_000 } as const;

const clients: Readonly<Record<string, (url: string) => Client>> = {
  axios: (url) => {
    const instance = plainAxios();
    return axiosClient(instance, (message) => instance.post(url, bodyOf(message)));
  },
  "axios with redirects": (url) => {
    const instance = plainAxios(5);
    return axiosClient(instance, (message) => instance.post(url, bodyOf(message)));
  },
  "axios + axios-retry": (url) => {
    const instance = plainAxios();
    axiosRetry(instance);
    return axiosClient(instance, (message) => instance.post(url, bodyOf(message)));
  },
  "axios + axios-retry + Bottleneck": (url) => {
    const instance = plainAxios();
    axiosRetry(instance);
    const limiter = new Bottleneck({ maxConcurrent: concurrent });
    return axiosClient(instance, (message) => limiter.schedule(() => instance.post(url, bodyOf(message))));
  },
  got: (url) => ({
    send: async (message) => void (await got.post(url, { json: bodyOf(message), retry: { limit: 2 } })),
    close: async () => {},
  }),
  ky: (url) => ({
    send: async (message) => void (await ky.post(url, { json: bodyOf(message) }).text()),
    close: async () => {},
  }),
  undici: (url) => {
    const dispatcher = new Agent({ connections: concurrent });
    const headers = { "content-type": "application/json" };
    return {
      send: async (message) => {
        const body = JSON.stringify(bodyOf(message));
        const answer = await request(url, { method: "POST", headers, body, dispatcher });
        await answer.body.json();
      },
      close: () => dispatcher.close(),
    };
  },
  "@discordjs/rest": (url) => {
    const rest = new REST({ api: url, globalRequestsPerSecond: 1_000_000 }).setToken("token");
    let sent = 0;
    return {
      // It sends the requests of one route one by one, so each of those at once has a route of its own.
      send: async ({ id }) => void (await rest.post(`/channels/${sent++ % 64}/messages`, { body: { content: id } })),
      close: async () => {},
    };
  },
  "@slack/web-api": (url) => slackWebApi.open({ url, known: [] }),
  wasenderapi: (url) => wasenderClient.open({ url, known: [] }),
  Colloquy: (url) => openColloquy({ url, known: [] }, false),
  "Colloquy, with a limit to count": (url) => openColloquy({ url, known: [roomy] }),
};

const [name = "", url = "", requests = "0"] = process.argv.slice(2);
const client = clients[name]?.(url);
if (!client) throw new Error(`There is no subject "${name}".`);

async function load(count: number): Promise<void> {
  let left = count;
  const lane = async (place: number): Promise<void> => {
    while (left-- > 0) await client?.send({ id: "A text of usual length.", session: `s-${place % sessionCount}` });
  };
  await Promise.all(Array.from({ length: concurrent }, (_, place) => lane(place)));
}

const count = Number(requests);
await load(Math.ceil(count / 5));
const cpu = process.cpuUsage();
const startedAtMs = performance.now();
await load(count);
const tookMs = performance.now() - startedAtMs;
const { user, system } = process.cpuUsage(cpu);
printFigures({ cpuUs: (user + system) / count, requestsPerSecond: (count / tookMs) * 1_000 });
process.exit();
