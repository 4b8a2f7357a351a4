import assert from "node:assert/strict";
import { createColloquy, isColloquyError, memoryStore, noTelemetry } from "@colloquy/core";
import { eventually, failure, sendsNothing } from "./expect.js";
import type { ProviderCase, ProviderCaseContext } from "./provider-case.js";

async function secretsOf({ store }: ProviderCaseContext, sessionId: string): Promise<Readonly<Record<string, string>>> {
  return store.secrets.get(sessionId);
}

export const sessionCases: readonly ProviderCase[] = [
  {
    title: "wrong options are found without network",
    run: async (context) => {
      const { world } = context;
      assert.ok(world.misconfigured.length > 0, "the world has misconfigured providers");
      assert.deepEqual(world.provider.validateConfig(), [], "the world's own provider is well configured");
      for (const provider of world.misconfigured)
        await sendsNothing(context, async () => {
          const create = async (): Promise<unknown> =>
            createColloquy({ providers: [provider], store: memoryStore(), telemetry: noTelemetry });
          const error = await failure(create(), "CONFIG_INVALID", "wrong options");
          assert.ok(Object.keys(error.fieldErrors ?? {}).length > 0, "the error names the option");
        });
    },
  },
  {
    title: "a wrong session input is refused without network",
    run: async (context) => {
      const { world } = context;
      assert.deepEqual(world.provider.validateSession(world.sessionInput), []);
      const error = await sendsNothing(context, () =>
        failure(
          context.colloquy().sessions.create(world.provider.id, world.wrongSessionInput),
          "INPUT_INVALID",
          "a wrong input",
        ),
      );
      assert.ok(Object.keys(error.fieldErrors ?? {}).length > 0, "the error names the field");
    },
  },
  {
    title: "a created session exists at the provider, and its keys are kept",
    run: async (context) => {
      const session = await context.created();
      assert.equal(session.state, "created");
      const isKnown = await context.world.service.hasSession(session.remoteId as string, context.store);
      assert.ok(isKnown, "the service knows it");
      const secrets = await secretsOf(context, session.id);
      for (const { kind, from, required } of context.provider.manifest.credentials)
        if (from === "session_secret" && required) assert.ok(secrets[kind], `its ${kind} is stored`);
    },
  },
  {
    title: "an existing session is attached with the same keys, once",
    needs: "sameKeys",
    run: async (context) => {
      const session = await context.created();
      const store = memoryStore();
      const elsewhere = context.colloquy(context.provider, store);
      const attached = await elsewhere.sessions.attach(context.provider.id, session.remoteId as string);
      assert.equal(attached.remoteId, session.remoteId);
      assert.deepEqual(await store.secrets.get(attached.id), await secretsOf(context, session.id));
      const again = await elsewhere.sessions.attach(context.provider.id, session.remoteId as string);
      assert.equal(again.id, attached.id);
    },
  },
  {
    title: "attaching what the provider does not know fails with REMOTE_NOT_FOUND",
    run: async ({ colloquy, provider, world }) => {
      await failure(
        colloquy().sessions.attach(provider.id, world.unknownRemoteId),
        "REMOTE_NOT_FOUND",
        "an unknown id",
      );
    },
  },
  {
    title: "a wrong token is told as a credential's fault",
    needs: "wrongToken",
    run: async ({ colloquy, provider, world }) => {
      const creating = colloquy(world.providerWithWrongToken).sessions.create(provider.id, world.sessionInput);
      const error: unknown = await creating.then(
        () => assert.fail("the service takes any token"),
        (thrown: unknown) => thrown,
      );
      assert.ok(isColloquyError(error), String(error));
      assert.equal(error.category, "credentials", error.code);
      assert.ok(error.userAction, "it says what to do");
    },
  },
  {
    title: "a connected session is proven again and again",
    needs: "standConnected",
    applies: { to: ({ manifest }) => manifest.traits.statePolling, otherwise: "the state is not polled" },
    run: async (context) => {
      const session = await context.connected();
      const provenAtMs = session.snapshot.provenAtMs ?? 0;
      assert.ok(provenAtMs > 0);
      await eventually(() => (session.snapshot.provenAtMs ?? 0) > provenAtMs, "the proof is renewed");
      assert.equal(session.state, "connected");
    },
  },
  {
    title: "an unlinking on the phone is noticed",
    needs: "unlink",
    run: async (context) => {
      const session = await context.connected();
      await context.world.people.unlink(session.remoteId as string);
      assert.equal(await session.waitFor("unlinked", { timeoutMs: 4_000 }), "unlinked");
    },
  },
  {
    title: "a lost connection is noticed, and its return too",
    needs: "drop",
    run: async (context) => {
      const session = await context.connected();
      const isWell = (): boolean => session.state === "connected" && session.snapshot.health.status === "ok";
      await context.world.people.drop(session.remoteId as string);
      await eventually(() => !isWell(), "the loss is noticed");
      await context.world.people.restore(session.remoteId as string);
      await eventually(isWell, "the return is noticed");
    },
  },
  {
    title: "a logout unlinks, and the keys go after the acknowledgement",
    applies: { to: (provider) => provider.logout !== undefined, otherwise: "the provider cannot log out" },
    run: async (context) => {
      const session = await context.connected();
      assert.notDeepEqual(await secretsOf(context, session.id), {});
      const requests = context.world.service.requestCount();
      assert.equal(await session.logout(), "unlinked");
      assert.ok(context.world.service.requestCount() > requests, "the provider was asked");
      const stays = await context.world.service.hasSession(session.remoteId as string, context.store);
      assert.ok(stays, "the session itself stays");
      for (let turn = 0; turn < 200 && Object.keys(await secretsOf(context, session.id)).length > 0; turn++)
        await new Promise((resolve) => setTimeout(resolve, 5));
      assert.deepEqual(await secretsOf(context, session.id), {});
    },
  },
  {
    title: "a logout that the provider does not acknowledge keeps the keys",
    applies: { to: (provider) => provider.logout !== undefined, otherwise: "the provider cannot log out" },
    needs: "beginOutage",
    run: async (context) => {
      const session = await context.connected();
      const secrets = await secretsOf(context, session.id);
      context.world.beginOutage();
      assert.equal(await session.logout(), "suspended");
      assert.equal(session.snapshot.reason, "logout_unconfirmed");
      assert.deepEqual(await secretsOf(context, session.id), secrets);
    },
  },
  {
    title: "a closed session is gone at the provider",
    run: async (context) => {
      const session = await context.connected();
      assert.equal(await session.close(), "terminated");
      assert.equal(session.snapshot.reason, "closed");
      assert.equal(await context.world.service.hasSession(session.remoteId as string, context.store), false);
      const attaching = context
        .colloquy(context.provider, memoryStore())
        .sessions.attach(context.provider.id, session.remoteId as string);
      await failure(attaching, "REMOTE_NOT_FOUND", "attaching it again");
    },
  },
  {
    title: "a suspended session comes back without a code",
    needs: "standConnected",
    applies: { to: ({ manifest }) => !manifest.traits.disconnectUnpairs, otherwise: "disconnecting would unpair" },
    run: async (context) => {
      const session = await context.connected();
      const { service } = context.world;
      const before = service.requestCount();
      await session.suspend();
      assert.equal(session.state, "suspended");
      // Resumed at once, the pause would be cut short before the provider hears of it.
      if (context.provider.suspend)
        await eventually(() => service.requestCount() > before, "the provider is asked to pause");
      await session.resume();
      assert.equal(await session.waitFor("connected", { timeoutMs: 4_000 }), "connected");
    },
  },
  {
    title: "suspending is refused with nothing on the wire where it would unpair",
    applies: { to: ({ manifest }) => manifest.traits.disconnectUnpairs, otherwise: "disconnecting does not unpair" },
    run: async (context) => {
      const session = await context.connected();
      await failure(session.suspend(), "COMMAND_REFUSED", "suspending");
      assert.equal(session.state, "connected");
    },
  },
];
