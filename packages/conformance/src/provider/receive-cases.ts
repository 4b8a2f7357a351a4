import assert from "node:assert/strict";
import type { RawDelivery, ReceiveFacet, SessionEvent } from "@colloquy/core";
import { failure } from "./expect.js";
import { hostileBytes } from "./hostile.js";
import { type ProviderCase, type ProviderCaseContext, receives } from "./provider-case.js";

async function delivered(context: ProviderCaseContext) {
  const session = await context.connected();
  const delivery = await context.world.messageDelivery(session.remoteId as string);
  return { session, delivery, facet: context.provider.facets.receive as ReceiveFacet };
}

const withHeaders = (delivery: RawDelivery, change: (value: string) => string): RawDelivery => ({
  ...delivery,
  headers: Object.fromEntries(Object.entries(delivery.headers).map(([name, value]) => [name, change(value)])),
});

export const receiveCases: readonly ProviderCase[] = [
  {
    title: "a delivered message is stored and told, once however often it comes",
    applies: receives,
    needs: "messageDelivery",
    run: async (context) => {
      const { session, delivery } = await delivered(context);
      const first = await session.receive(delivery);
      assert.equal(first.stored, 1);
      assert.deepEqual(await session.receive(delivery), { stored: 0, duplicates: 1 });
      const { value } = (await session.events({ types: ["message.received"] }).next()) as { value: SessionEvent };
      assert.equal(value.type, "message.received");
      assert.ok(
        value.type === "message.received" &&
          value.message.providerMessageId &&
          value.message.chatId &&
          value.message.from.id,
      );
    },
  },
  {
    title: "a delivery with a missing or wrong signature is refused, and nothing of it is kept",
    applies: receives,
    needs: "messageDelivery",
    run: async (context) => {
      const { session, delivery } = await delivered(context);
      const forged = [
        { ...delivery, headers: {} },
        withHeaders(delivery, () => ""),
        withHeaders(delivery, (value) => value.slice(0, -1)),
        withHeaders(delivery, (value) => `${value}0`),
        withHeaders(delivery, (value) => value.replaceAll(/[0-9a-f]/g, "0")),
      ];
      for (const each of forged)
        await failure(session.receive(each), "WEBHOOK_REJECTED", JSON.stringify(Object.keys(each.headers)));
      assert.deepEqual(await context.store.inbox.pending(session.id), []);
    },
  },
  {
    title: "no delivery is believed while no secret is known",
    applies: receives,
    needs: "messageDelivery",
    run: async (context) => {
      const { session, delivery, facet } = await delivered(context);
      const known = await context.store.secrets.get(session.id);
      const emptied = Object.fromEntries(Object.keys(known).map((name) => [name, ""]));
      for (const secrets of [{}, emptied])
        for (const each of [delivery, { ...delivery, headers: {} }, withHeaders(delivery, () => "")])
          assert.equal(facet.verify(each, secrets), false);
      assert.equal(facet.verify(delivery, known), true);
    },
  },
  {
    title: "read takes any bytes, tells the same of the same, and gives every event a name",
    applies: receives,
    needs: "messageDelivery",
    run: async (context) => {
      const { delivery, facet } = await delivered(context);
      for (const body of hostileBytes(delivery.body)) {
        const shown = new TextDecoder().decode(body).slice(0, 80);
        const { events, signals } = facet.read({ ...delivery, body });
        assert.ok(Array.isArray(events) && Array.isArray(signals), shown);
        for (const { occurrenceId, type } of events)
          assert.ok(occurrenceId && type, `${type} without an occurrence id: ${shown}`);
        for (const { word } of signals) assert.equal(typeof word, "string", shown);
        // As JSON: a comparison by structure would not survive the deepest of them.
        assert.equal(JSON.stringify(facet.read({ ...delivery, body })), JSON.stringify({ events, signals }), shown);
      }
    },
  },
];
