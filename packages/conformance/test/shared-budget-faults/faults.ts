import type { SharedCall } from "@colloquy/core";
import { type Exchange, type Fault, hearing, saying } from "./fault.js";

/** Gives as long as there is something, however much that is. */
const greedy =
  (exchange: Exchange): Exchange =>
  async (call) => {
    let answer = await exchange(call);
    for (let more = answer; more.permits.length > 0 && answer.permits.length < call.wanted; ) {
      more = await exchange({
        ...call,
        ...{ turn: call.turn + answer.permits.length / 1_000, epoch: answer.epoch, counted: [] },
        holds: [...call.holds, ...answer.permits.map(({ id }) => id)],
        wanted: call.wanted - answer.permits.length,
      });
      answer = { ...more, permits: [...answer.permits, ...more.permits] };
    }
    return answer;
  };

/** Names everything that a holder ever had, for it. */
const clinging = (exchange: Exchange): Exchange => {
  const everything = new Map<string, number[]>();
  return async (call) => {
    const ids = everything.get(call.holder) ?? [];
    const answer = await exchange({ ...call, holds: ids });
    everything.set(call.holder, [...ids, ...answer.permits.map(({ id }) => id)]);
    return answer;
  };
};

/** Speaks for the holders that are silent. */
const mourning = (exchange: Exchange): Exchange => {
  const last = new Map<string, SharedCall>();
  return async (call) => {
    for (const [name, one] of last)
      if (name !== call.holder) {
        last.set(name, { ...one, turn: one.turn + 0.001 });
        await exchange({ ...one, turn: one.turn + 0.001 });
      }
    const answer = await exchange(call);
    const holds = [...call.holds, ...answer.permits.map(({ id }) => id)];
    last.set(call.holder, { ...call, epoch: answer.epoch, holds, counted: [], wanted: 0 });
    return answer;
  };
};

/** Takes every call for news. */
const forgetful = (exchange: Exchange): Exchange => {
  let turn = 0;
  return (call) => exchange({ ...call, turn: ++turn });
};

/** Takes every holder for one that knows the state as it is. */
const trusting = (exchange: Exchange): Exchange => {
  const epochs = new Map<string, string>();
  return async (call) => {
    const epoch = epochs.get(call.key);
    const answer = await exchange({ ...call, ...(epoch === undefined || call.epoch === undefined ? {} : { epoch }) });
    epochs.set(call.key, answer.epoch);
    return answer;
  };
};

const without =
  (field: "end" | "notBeforeMs" | "actedAlone" | "sinceLastMs"): ((call: SharedCall) => SharedCall) =>
  (call) => {
    const { [field]: _left, ...rest } = call;
    return rest;
  };

export const sharedBudgetFaults: readonly Fault[] = [
  {
    name: "keeps a place for each process alone",
    isApart: true,
    fails: [
      "gives no more permits than the limit, to all holders together",
      "tells everybody not to come before the instant that a refusal of one of them named",
    ],
  },
  {
    name: "gives every permit the same id",
    tamper: saying(({ permits }) => ({ permits: permits.map(({ dueAtMs }) => ({ id: 1, dueAtMs })) })),
    fails: ["gives each permit once, with an id of its own"],
  },
  {
    name: "gives twice what was wanted",
    tamper: hearing((call) => ({ ...call, wanted: 2 * call.wanted })),
    fails: ["gives no more than was wanted"],
  },
  {
    name: "gives everything to whoever comes first",
    tamper: greedy,
    fails: ["leaves something for whoever comes next, however much the first one wants"],
  },
  {
    name: "has a favourite",
    tamper: hearing((call) => (call.holder === "second" && call.turn % 16 > 0 ? { ...call, wanted: 0 } : call)),
    fails: ["gives holders that want the same the same, over several windows"],
  },
  {
    name: "does not say when to ask again",
    tamper: saying(() => ({ askInMs: 0 })),
    fails: ["says when to ask again to whoever did not get all"],
  },
  {
    name: "keeps the first rule only",
    tamper: hearing((call) => ({ ...call, rules: call.rules.slice(0, 1) })),
    fails: ["keeps all rules of a call at once"],
  },
  {
    name: "has one allowance for all keys",
    tamper: hearing((call) => ({ ...call, key: "one" })),
    fails: ["keeps allowances of different keys apart"],
  },
  {
    name: "sees one holder only",
    tamper: saying(() => ({ holderCount: 1 })),
    fails: ["counts the holders that it saw"],
  },
  {
    name: "does not remember what was counted",
    tamper: hearing((call) => ({ ...call, counted: [] })),
    fails: [
      "gives what was counted again a window later, and not before",
      "wants to be told by a holder that it does not know and that sent of late",
    ],
  },
  {
    name: "counts from the moment that it is told",
    tamper: hearing((call) => ({ ...call, counted: call.counted.map(() => Number.MAX_SAFE_INTEGER) })),
    fails: ["counts a window from the instant that it was told"],
  },
  {
    name: "fails on an instant of the future",
    tamper: (exchange) => async (call) => {
      const answer = await exchange({ ...call, counted: [] });
      if (call.counted.some((atMs) => atMs > answer.nowMs)) throw new Error("That is to come.");
      return answer;
    },
    fails: ["takes an instant of the future for now"],
  },
  {
    name: "never takes anything back",
    tamper: clinging,
    fails: ["takes back what its holder does not name any more"],
  },
  {
    name: "takes everything back at each call",
    tamper: hearing((call) => ({ ...call, holds: [] })),
    fails: ["keeps what is named, however long the request takes"],
  },
  {
    name: "keeps the permits of the dead for ever",
    tamper: mourning,
    fails: ["counts the permits of a holder that was not heard of any more as used, and then gives them again"],
  },
  {
    name: "carries out calls in the order in which they come",
    tamper: forgetful,
    fails: ["does nothing for a call that comes after its successor"],
  },
  {
    name: "does not listen when a window ends",
    tamper: hearing(without("end")),
    fails: ["forgets what was counted before the end of a window that is known to end then"],
  },
  {
    name: "takes a quick line for a slow one",
    tamper: hearing((call) => (call.sureMs === undefined ? call : { ...call, sureMs: 50 })),
    fails: ["lets a permit fall due earlier by what the quickest of the holders' lines makes sure"],
  },
  {
    name: "keeps refusals to itself",
    tamper: hearing(without("notBeforeMs")),
    fails: ["tells everybody not to come before the instant that a refusal of one of them named"],
  },
  {
    name: "says what it heard last",
    tamper: saying((answer, call) => ({ notBeforeMs: call.notBeforeMs ?? answer.notBeforeMs })),
    fails: ["keeps the later of two such instants"],
  },
  {
    name: "does not mind what was sent without permits",
    tamper: hearing(without("actedAlone")),
    fails: ["lets nobody begin before everybody could tell, when one of them sent without permits"],
  },
  {
    name: "waits anew for everybody who sent without permits",
    tamper: saying((answer, call) => (call.actedAlone ? { notBeforeMs: answer.nowMs + 2_000 } : {})),
    fails: ["does not wait longer when another one tells the same a little later"],
  },
  {
    name: "does not ask newcomers what they did",
    tamper: hearing(without("sinceLastMs")),
    fails: [
      "wants to be told by a holder that it does not know and that sent of late",
      "has another epoch after it forgot everything, and lets nobody begin before everybody could tell",
    ],
  },
  {
    name: "asks newcomers what they did long ago",
    tamper: hearing((call) => (call.sinceLastMs === undefined ? call : { ...call, sinceLastMs: 1 })),
    fails: ["asks nothing of a holder whose last request no window remembers"],
  },
  {
    name: "remembers what it should have forgotten",
    remembers: true,
    fails: ["has another epoch after it forgot everything, and lets nobody begin before everybody could tell"],
  },
  {
    name: "takes ids of another epoch for its own",
    tamper: trusting,
    fails: ["does not take permits of what it forgot for its own"],
  },
];
