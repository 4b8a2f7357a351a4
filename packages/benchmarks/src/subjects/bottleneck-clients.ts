import Bottleneck from "bottleneck";
import type { LimitPlan } from "../server/plan.js";
import { axiosClient, plainAxios, withRetries } from "./axios-clients.js";
import { bodyOf, type Subject, tightestOf } from "./subject.js";

/** Bottleneck refreshes a reservoir at multiples of 250 ms only. */
const reservoirGrainMs = 250;

function reservoir({ limit, windowMs }: LimitPlan): Bottleneck {
  const interval = Math.ceil(windowMs / reservoirGrainMs) * reservoirGrainMs;
  return new Bottleneck({
    reservoir: limit,
    reservoirRefreshAmount: limit,
    reservoirRefreshInterval: interval,
    maxConcurrent: 4,
  });
}

function minTime({ limit, windowMs }: LimitPlan): Bottleneck {
  return new Bottleneck({ minTime: Math.ceil(windowMs / limit), maxConcurrent: 4 });
}

function limited(name: string, make: (limit: LimitPlan) => Bottleneck, repeats: boolean): Subject {
  return {
    name,
    needsKnownLimit: true,
    open: ({ url, known }) => {
      const instance = repeats ? withRetries(plainAxios()) : plainAxios();
      const limiter = make(tightestOf(known));
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
}

export const bottleneckReservoir: Subject = limited("axios + Bottleneck reservoir", reservoir, false);
export const bottleneckMinTime: Subject = limited("axios + Bottleneck minTime", minTime, false);
export const bottleneckAndRetry: Subject = limited("axios + axios-retry + Bottleneck", minTime, true);

/** One limiter per session, all of them chained to the account's. */
export const bottleneckGroup: Subject = {
  name: "axios + Bottleneck, one limiter per session",
  needsKnownLimit: true,
  open: ({ url, known }) => {
    const instance = withRetries(plainAxios());
    const account = minTime(tightestOf(known));
    const sessions = new Map<string, Bottleneck>();
    const limiterOf = (session: string): Bottleneck => {
      let limiter = sessions.get(session);
      if (!limiter) {
        limiter = new Bottleneck({ maxConcurrent: 1 }).chain(account);
        sessions.set(session, limiter);
      }
      return limiter;
    };
    return axiosClient(instance, (message) =>
      limiterOf(message.session).schedule({ priority: message.isUrgent ? 0 : 5 }, () =>
        instance.post(url, bodyOf(message)),
      ),
    );
  },
};
