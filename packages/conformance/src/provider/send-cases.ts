import assert from "node:assert/strict";
import type { MessageKind, OutboundMessage } from "@colloquy/core";
import { failure, sendsNothing } from "./expect.js";
import { edits, type ProviderCase, sends, showsPresence } from "./provider-case.js";
import { vary } from "./vary.js";

const image = "https://files.example/picture.jpg";

/** One message of each kind. */
const samples: Readonly<Record<MessageKind, Omit<OutboundMessage, "to">>> = {
  text: { text: "Hello" },
  image: { media: { kind: "image", url: image }, text: "A caption" },
  video: { media: { kind: "video", url: "https://files.example/film.mp4" } },
  audio: { media: { kind: "audio", url: "https://files.example/voice.ogg" } },
  document: { media: { kind: "document", url: "https://files.example/bill.pdf", fileName: "bill.pdf" } },
  sticker: { media: { kind: "sticker", url: "https://files.example/wave.webp" } },
  contact: { contact: { name: "Ada Example", phone: "+15550102" } },
  location: { location: { latitude: 52.52, longitude: 13.405, name: "Here" } },
  poll: { poll: { question: "When?", options: ["Now", "Later"] } },
};

export const sendCases: readonly ProviderCase[] = [
  {
    title: "a message goes out once, and the provider's id for it comes back",
    applies: sends,
    run: async ({ connected, world }) => {
      const session = await connected();
      const sent = await session.send({ id: "msg_one", to: world.recipient, text: "Hello" });
      assert.notEqual(sent.providerMessageId, "");
      assert.notEqual(sent.status, "");
      const again = await session.send({ id: "msg_one", to: world.recipient, text: "Hello" });
      assert.equal(again.providerMessageId, sent.providerMessageId);
      assert.equal(world.service.messageCount(), 1);
    },
  },
  {
    title: "what the provider told of its limits comes back with a message",
    applies: sends,
    needs: "rateLimits",
    run: async ({ connected, world }) => {
      const session = await connected();
      const { rateLimits } = await session.send({ to: world.recipient, text: "Hello" });
      assert.ok(rateLimits.length > 0, "there is a reading");
      for (const { bucket } of rateLimits)
        assert.ok(
          session.rateLimits().some((view) => view.bucket === bucket),
          `${bucket} is known to the gate`,
        );
    },
  },
  {
    title: "every kind of message that the manifest declares is taken",
    applies: sends,
    run: async ({ connected, world, provider }) => {
      const session = await connected();
      const kinds = provider.manifest.messages?.kinds ?? [];
      for (const kind of kinds) {
        const sent = await session.send({ to: world.recipient, ...samples[kind] });
        assert.notEqual(sent.providerMessageId, "", kind);
      }
      assert.equal(world.service.messageCount(), kinds.length);
    },
  },
  {
    title: "a kind of message that the manifest leaves out is refused with nothing on the wire",
    applies: sends,
    run: async (context) => {
      const { manifest } = context.provider;
      const messages = { maxTextLength: manifest.messages?.maxTextLength ?? 1_000, kinds: ["text" as const] };
      const session = await context.connected(vary(context.provider, { manifest: { ...manifest, messages } }));
      const { recipient, service } = context.world;
      await failure(session.send({ to: recipient, ...samples.poll }), "UNSUPPORTED", "an undeclared kind");
      assert.equal(service.messageCount(), 0);
    },
  },
  {
    title: "a message that cannot go out is refused with nothing on the wire",
    applies: sends,
    run: async (context) => {
      const session = await context.connected();
      const { recipient, service, wrongMessage } = context.world;
      const maxTextLength = context.provider.manifest.messages?.maxTextLength ?? 0;
      await failure(session.send(wrongMessage), "INPUT_INVALID", "a wrong message");
      await failure(
        session.send({ to: recipient, text: "x".repeat(maxTextLength + 1) }),
        "MESSAGE_TOO_LONG",
        "a long text",
      );
      assert.equal(service.messageCount(), 0);
    },
  },
  {
    title: "a message whose answer was lost is OUTCOME_UNKNOWN, and was sent once",
    applies: sends,
    needs: "loseNextAnswer",
    run: async ({ connected, world }) => {
      const session = await connected();
      world.loseNextAnswer();
      const error = await failure(
        session.send({ to: world.recipient, text: "Hello" }),
        "OUTCOME_UNKNOWN",
        "a lost answer",
      );
      assert.equal(error.outcome, "unknown");
      assert.equal(world.service.messageCount(), 1);
    },
  },
  {
    title: "messages wait for nobody when the session is not connected",
    applies: sends,
    run: async (context) => {
      const session = await context.created();
      const error = await sendsNothing(context, () =>
        failure(
          session.send({ to: context.world.recipient, text: "Hello" }),
          "SESSION_NOT_CONNECTED",
          "an idle session",
        ),
      );
      assert.equal(error.outcome, "not_attempted");
    },
  },
  {
    title: "a sent message is edited and deleted under the provider's id",
    applies: edits,
    run: async ({ connected, world }) => {
      const session = await connected();
      const { providerMessageId } = await session.send({ to: world.recipient, text: "Hello" });
      await session.edit(providerMessageId, "Hello again");
      await session.remove(providerMessageId);
      assert.equal(world.service.messageCount(), 1);
    },
  },
  {
    title: "presence is shown",
    applies: showsPresence,
    run: async ({ connected, world }) => {
      const session = await connected();
      await session.setPresence(world.recipient, "composing");
    },
  },
];
