import type { IdentityBook } from "../contract/index.js";

/** ASSUMED: people that one process hears of between two messages of the same one. Two texts each, so some megabytes. */
const mostPairs = 10_000;

/** Keeps pairs of addresses in memory, the newest `limit` of them (default 10,000). What it forgot is learnt again when told again. */
export function createIdentityBook(limit: number = mostPairs): IdentityBook {
  const phones = new Map<string, string>();
  const lids = new Map<string, string>();

  const forget = (lid: string): void => {
    const phone = phones.get(lid);
    phones.delete(lid);
    if (phone !== undefined && lids.get(phone) === lid) lids.delete(phone);
  };

  return {
    learn(lid, phone) {
      // A number can pass to another person, and a person can take another number: what was told last holds.
      const former = lids.get(phone);
      if (former !== undefined && former !== lid) forget(former);
      forget(lid);
      phones.set(lid, phone);
      lids.set(phone, lid);
      const [oldest] = phones.keys();
      if (phones.size > limit && oldest !== undefined) forget(oldest);
    },
    phoneOf: (lid) => phones.get(lid),
    lidOf: (phone) => lids.get(phone),
  };
}
