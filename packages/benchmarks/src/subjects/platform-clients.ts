import { REST } from "@discordjs/rest";
import { WebClient } from "@slack/web-api";
import { mostAttempts, type Subject } from "./subject.js";

/** Its margin of 50 ms is set to 0, as the server's clock is this machine's. */
export const discordRest: Subject = {
  name: "@discordjs/rest",
  open: ({ url }) => {
    const rest = new REST({ api: url, offset: 0, retries: 3 }).setToken("token");
    return {
      send: async ({ id, session }) =>
        void (await rest.post(`/channels/${session}/messages`, { body: { content: id, to: session } })),
      close: async () => {
        rest.clearHashSweeper();
        rest.clearHandlerSweeper();
      },
    };
  },
};

export const slackWebApi: Subject = {
  name: "@slack/web-api",
  isSingleLine: true,
  open: ({ url }) => {
    const logger = {
      debug: () => {},
      info: () => {},
      warn: () => {},
      error: () => {},
      setLevel: () => {},
      getLevel: () => "error" as never,
      setName: () => {},
    };
    const client = new WebClient("token", {
      slackApiUrl: `${url}/`,
      logger,
      retryConfig: { retries: mostAttempts, minTimeout: 100, maxTimeout: 5_000 },
    });
    return {
      send: async ({ id, session }) => void (await client.chat.postMessage({ channel: session, text: id })),
      close: async () => {},
    };
  },
};
