import type { IdentityBook } from "@colloquy/core/contract";
import { textAt, withoutUndefined } from "../json.js";
import { addressKind, normalisePhone, phoneOfJid, withoutDevice } from "../phone.js";

/** Somebody on WhatsApp, who is named by a phone number or by a LID, which is a hidden id and no number. */
export interface WasenderPerson {
  /** As the event addresses them, without the device. The same person may have another one in the next event. */
  readonly id: string;
  readonly lid?: string;
  /** E.164 with `+`. */
  readonly phone?: string;
}

const lidOf = (address: string | undefined): string | undefined => {
  if (address === undefined) return undefined;
  const account = withoutDevice(address);
  return addressKind(account) === "lid" ? account : undefined;
};

/**
 * One person of all the addresses that an event gives. Sometimes the place of a number holds a LID, with or without its
 * ending, so only what is a number is taken for one. The book gives what this event does not tell, and learns what it does.
 */
export function joinPerson(
  id: string,
  others: readonly (string | undefined)[],
  identities: IdentityBook | undefined,
): WasenderPerson {
  const addresses = [...others, id].filter((address) => address !== undefined);
  const lids = addresses.map(lidOf).filter((lid) => lid !== undefined);
  const told = addresses
    .filter((address) => !lids.some((lid) => lid.slice(0, -"@lid".length) === address.replace(/^\+/, "")))
    .map((address) => phoneOfJid(address) ?? normalisePhone(address))
    .find((phone) => phone !== undefined);
  const [lid = told === undefined ? undefined : identities?.lidOf(told)] = lids;
  const phone = told ?? (lid === undefined ? undefined : identities?.phoneOf(lid));
  if (lid !== undefined && told !== undefined) identities?.learn(lid, told);
  return withoutUndefined<WasenderPerson>({ id: withoutDevice(id), lid, phone });
}

/** A person in a list: an address, or an object that holds some. */
export function readPerson(value: unknown, identities: IdentityBook | undefined): WasenderPerson | undefined {
  if (typeof value === "string") return value === "" ? undefined : joinPerson(value, [], identities);
  const names = ["id", "jid", "lid", "phoneNumber", "phone", "pn"] as const;
  const addresses = names.map((name) => textAt(value, name));
  const id = addresses.find((address) => address !== undefined);
  return id === undefined ? undefined : joinPerson(id, addresses, identities);
}
