import Bottleneck from "bottleneck";
import { Redis } from "ioredis";
import { axiosClient, plainAxios, withRetries } from "./axios-clients.js";
import { bottleneckMinTime } from "./bottleneck-clients.js";
import { bodyOf, type Subject, tightestOf } from "./subject.js";

/** Bottleneck's cluster mode, as its documentation shows it: all processes share one reservoir under one id. */
export const clusteredBottleneck: Subject = {
  name: "axios + axios-retry + Bottleneck cluster",
  needsKnownLimit: true,
  open: (options) => {
    const { url, known, shared } = options;
    if (!shared) return bottleneckMinTime.open(options);
    const { limit, windowMs } = tightestOf(known);
    const { hostname, port } = new URL(shared.url);
    const limiter = new Bottleneck({
      id: shared.prefix,
      datastore: "ioredis",
      clearDatastore: false,
      Redis,
      clientOptions: { host: hostname, port: Number(port) },
      minTime: Math.ceil(windowMs / limit),
      maxConcurrent: 4,
    });
    const instance = withRetries(plainAxios());
    const client = axiosClient(instance, (message) =>
      limiter.schedule({ priority: message.isUrgent ? 0 : 5 }, () => instance.post(url, bodyOf(message))),
    );
    return {
      ...client,
      close: async () => {
        await limiter.disconnect();
        await client.close();
      },
    };
  },
};
