import { invalidInput } from "../../input.js";
import { addressKind, toJid } from "../../phone.js";

export interface GroupTarget {
  /** `…@g.us`. */
  readonly group: string;
}

export interface MembersInput extends GroupTarget {
  /** Phone numbers in E.164, user JIDs or LIDs. */
  readonly participants: readonly string[];
}

export function groupParams(operation: string, { group }: GroupTarget): { readonly group: string } {
  if (addressKind(group) !== "group")
    throw invalidInput(operation, [{ field: "group", message: "Must be a group's JID, ending in @g.us." }]);
  return { group };
}

export function people(operation: string, participants: readonly string[]): readonly string[] {
  const isPerson = (name: string): boolean => ["phone", "user", "lid"].includes(addressKind(name) ?? "");
  if (!participants.every(isPerson))
    throw invalidInput(operation, [
      { field: "participants", message: "Each must be a phone number in E.164 or a JID of a user." },
    ]);
  return participants.map(toJid);
}

export function somePeople(operation: string, participants: readonly string[]): readonly string[] {
  if (participants.length === 0)
    throw invalidInput(operation, [{ field: "participants", message: "Name at least one." }]);
  return people(operation, participants);
}
