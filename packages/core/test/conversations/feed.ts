import { PassThrough } from "node:stream";
import { type AxiosAdapter, AxiosError, AxiosHeaders } from "axios";

/** One request that waits for its answer, or gets it bit by bit. */
export interface Asked {
  readonly host: string;
  readonly messages: readonly string[];
  readonly isAborted: () => boolean;
  /** Sends lines, and the head before the first of them. */
  say(...lines: readonly string[]): void;
  /** The body is whole. */
  end(): void;
  /** The connection breaks. */
  cut(): void;
  /** Another answer than a success. */
  refuse(status: number, body: object, headers?: Record<string, string>): void;
  /** No connection is made. */
  unreachable(): void;
}

export interface Feed {
  readonly adapter: AxiosAdapter;
  /** In the order in which they left. */
  readonly asked: readonly Asked[];
}

/** Stands in for the network: what a test says is what the model says. */
export function createAxiosFeed(): Feed {
  const asked: Asked[] = [];
  const adapter: AxiosAdapter = (config) =>
    new Promise((resolve, reject) => {
      const body = new PassThrough();
      let hasBegun = false;
      let isAborted = false;
      const begin = (status = 200, headers: Record<string, string> = { "content-type": "text/plain" }): void => {
        if (hasBegun) return;
        hasBegun = true;
        resolve({ status, statusText: "", headers: AxiosHeaders.from(headers), data: body, config });
      };
      (config.signal as AbortSignal | undefined)?.addEventListener("abort", () => {
        isAborted = true;
        body.destroy(new Error("aborted"));
        reject(new AxiosError("aborted", "ERR_CANCELED", config));
      });
      const { messages } = JSON.parse(String(config.data)) as { readonly messages: readonly string[] };
      asked.push({
        host: new URL(config.url as string).hostname,
        messages,
        isAborted: () => isAborted,
        say: (...lines) => {
          begin();
          body.write(lines.map((line) => `${line}\n`).join(""));
        },
        end: () => {
          begin();
          body.end();
        },
        cut: () => {
          begin();
          body.destroy(Object.assign(new Error("cut"), { code: "ECONNRESET" }));
        },
        refuse: (status, answer, headers = {}) => {
          begin(status, { "content-type": "application/json", ...headers });
          body.end(JSON.stringify(answer));
        },
        unreachable: () => reject(new AxiosError("refused", "ECONNREFUSED", config)),
      });
    });
  return { adapter, asked };
}
