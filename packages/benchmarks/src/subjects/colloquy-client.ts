// The package beside this one, by its path: benchmarks have no dependency on stores of their own.

import type { SharedBudget } from "@colloquy/core";
import { createTransport, type ExchangeSession, type TransportOptions } from "@colloquy/core/transport";
import { natsBudget } from "@colloquy/store-nats";
import { redisBudget } from "@colloquy/store-redis";
import { descriptiveProvider, sendOperation } from "./descriptive-provider.js";
import { bodyOf, type Client, type ClientOptions, type MeetingPlace, type Subject } from "./subject.js";

const secrets = async (): Promise<Readonly<Record<string, string>>> => ({});

function sessionOf(id: string): ExchangeSession {
  return { id, settings: {}, secrets };
}

function budgetAt({ kind, url, prefix }: MeetingPlace): SharedBudget {
  return kind === "redis" ? redisBudget({ url, prefix: `${prefix}:` }) : natsBudget({ servers: url, prefix });
}

/** `isLimited: false` describes an operation that nobody has heard of a limit for. */
export function openColloquy(
  { url, known, shared }: ClientOptions,
  isLimited = true,
  options: TransportOptions = {},
): Client & { readonly timersHeld: () => number } {
  const sharing = shared ? { sharedBudget: budgetAt(shared) } : {};
  const transport = createTransport({ ...sharing, ...options });
  const provider = descriptiveProvider(url, known, isLimited);
  const operation = sendOperation(isLimited);
  const sessions = new Map<string, ExchangeSession>();
  return {
    send: async (message, signal) => {
      let session = sessions.get(message.session);
      if (!session) {
        session = sessionOf(message.session);
        sessions.set(message.session, session);
      }
      await transport.execute({
        provider,
        operation,
        input: bodyOf(message),
        session,
        ...(message.isUrgent ? { priority: "urgent" as const } : {}),
        ...(signal ? { signal } : {}),
      });
    },
    close: () => transport.close(),
    timersHeld: () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length,
  };
}

export const colloquy: Subject = { name: "Colloquy", open: (options) => openColloquy(options) };
