import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { plan } from "../../../src/sessions/fleet/share.js";

const ids = (count: number): string[] => Array.from({ length: count }, (_, index) => `ses_${index}`);

describe("the plan of a worker", () => {
  it("takes its part, rounded up, of what is free", () => {
    const { take } = plan({
      wanted: ids(10),
      leases: [],
      owners: ["a", "b", "c"],
      self: "a",
      maxSessions: Number.POSITIVE_INFINITY,
    });
    expect(take).toHaveLength(4);
  });

  it("takes no more than it may run", () => {
    expect(plan({ wanted: ids(10), leases: [], owners: ["a"], self: "a", maxSessions: 3 }).take).toHaveLength(3);
  });

  it("gives what is above its part to the one that has least", () => {
    const leases = ids(10).map((sessionId) => ({ sessionId, owner: "a" }));
    const { take, give } = plan({
      wanted: ids(10),
      leases,
      owners: ["a", "b"],
      self: "a",
      maxSessions: Number.POSITIVE_INFINITY,
    });
    expect(take).toEqual([]);
    expect([...give].map(([owner, given]) => [owner, given.length])).toEqual([["b", 5]]);
  });

  it("leads any number of workers to equal parts in a few rounds, runs everything, and then keeps still", () => {
    const rounds = 12;
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 7 }),
        fc.array(fc.integer({ min: 0, max: 8 }), { maxLength: 60 }),
        (sessions, workers, held) => {
          const wanted = ids(sessions);
          const owners = Array.from({ length: workers }, (_, index) => `w${index}`);
          // Some leases are already held, also by a worker that is gone.
          const ownerOf = new Map(held.slice(0, sessions).map((owner, index) => [`ses_${index}`, `w${owner}`]));
          for (const [id, owner] of ownerOf) if (!owners.includes(owner)) ownerOf.delete(id);
          let moves = 0;
          for (let round = 0; round < rounds; round++) {
            moves = 0;
            for (const self of owners) {
              const leases = [...ownerOf].map(([sessionId, owner]) => ({ sessionId, owner }));
              const { take, give } = plan({ wanted, leases, owners, self, maxSessions: Number.POSITIVE_INFINITY });
              for (const id of take) ownerOf.set(id, self);
              for (const [owner, given] of give) for (const id of given) ownerOf.set(id, owner);
              moves += take.length + give.size;
            }
          }
          const counts = owners.map((owner) => [...ownerOf.values()].filter((each) => each === owner).length);
          expect(moves).toBe(0);
          expect(ownerOf.size).toBe(sessions);
          expect(Math.max(...counts)).toBeLessThanOrEqual(Math.ceil(sessions / workers));
        },
      ),
    );
  });
});
