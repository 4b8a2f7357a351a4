import assert from "node:assert/strict";
import type { Challenge, Session } from "@colloquy/core";
import { failure } from "./expect.js";
import { type ProviderCase, pairs } from "./provider-case.js";

/** Reads a pairing to its end, doing something at each challenge. */
async function watch(
  session: Session,
  onChallenge: (challenge: Challenge, count: number) => void | Promise<void>,
): Promise<Challenge[]> {
  const seen: Challenge[] = [];
  for await (const challenge of session.pair({ signal: AbortSignal.timeout(4_000) })) {
    seen.push(challenge);
    await onChallenge(challenge, seen.length);
  }
  return seen;
}

export const pairingCases: readonly ProviderCase[] = [
  {
    title: "a pairing shows a code and ends connected when somebody scanned it",
    applies: pairs,
    run: async (context) => {
      const session = await context.created();
      const remoteId = session.remoteId as string;
      const [challenge] = await watch(session, () => context.world.people.scan(remoteId));
      assert.ok(challenge, "a challenge was shown");
      assert.ok(
        context.provider.facets.pairing?.kinds.includes(challenge.kind),
        `"${challenge.kind}" is a declared kind`,
      );
      assert.notEqual(challenge.artefact, "", "there is something to show");
      assert.ok(challenge.expiresAtMs > challenge.issuedAtMs && challenge.deadlineAtMs > challenge.issuedAtMs);
      assert.equal(session.state, "connected");
      assert.equal(await session.waitFor("connected"), "connected");
      assert.ok((session.snapshot.provenAtMs ?? 0) > 0, "the connection is proven");
      assert.ok(session.snapshot.identity?.id, "it is known who is linked");
    },
  },
  {
    title: "an expired code is replaced by another one",
    applies: pairs,
    needs: "expireCode",
    run: async (context) => {
      const session = await context.created();
      const remoteId = session.remoteId as string;
      const seen = await watch(session, async (challenge, count) => {
        if (count > 1) return context.world.people.scan(remoteId);
        await context.world.people.expireCode(remoteId);
        await challenge.refresh();
      });
      assert.deepEqual(
        seen.map(({ attempt }) => attempt),
        [1, 2],
      );
      assert.notEqual(seen[0]?.artefact, seen[1]?.artefact);
    },
  },
  {
    title: "another account than the expected one ends in IDENTITY_MISMATCH",
    applies: pairs,
    needs: "scanAsAnother",
    run: async (context) => {
      const session = await context.created();
      const pairing = watch(session, () => context.world.people.scanAsAnother(session.remoteId as string));
      await failure(pairing, "IDENTITY_MISMATCH", "another account was linked");
      assert.equal(session.state, "unlinked");
    },
  },
  {
    title: "a session that nobody pairs rests unlinked instead of showing codes to nobody",
    applies: pairs,
    run: async (context) => {
      const session = await context.created();
      await session.start();
      assert.equal(await session.waitFor(["unlinked", "connected"], { timeoutMs: 4_000 }), "unlinked");
      assert.equal(session.snapshot.reason, "provider_requires_pairing");
    },
  },
];
