import type { SharedBudget, Store } from "@colloquy/core";

/** `redis://…` and `nats://…` are stores of many machines; anything else is a file. */
export async function openStore(location: string, secretKey: string | undefined): Promise<Store> {
  const secret = secretKey ? { secretKey } : {};
  if (/^rediss?:\/\//.test(location))
    return (await import("@colloquy/store-redis")).redisStore({ url: location, ...secret });
  if (/^(nats|tls):\/\//.test(location))
    return (await import("@colloquy/store-nats")).natsStore({ servers: location, ...secret });
  return (await import("@colloquy/store-sqlite")).sqliteStore({ path: location, ...secret });
}

export const isFile = (location: string): boolean => !/^(rediss?|nats|tls):\/\//.test(location);

/** The limits of an account belong to all who share the store: over a server they keep to them together. */
export async function openBudget(location: string): Promise<SharedBudget | undefined> {
  if (/^rediss?:\/\//.test(location)) return (await import("@colloquy/store-redis")).redisBudget({ url: location });
  if (/^(nats|tls):\/\//.test(location))
    return (await import("@colloquy/store-nats")).natsBudget({ servers: location });
  return undefined;
}

/** As it may be printed: the address of a server may hold a login. */
export function shownLocation(location: string): string {
  return location.replace(/^([a-z]+:\/\/)[^@/]*@/, "$1…@");
}
