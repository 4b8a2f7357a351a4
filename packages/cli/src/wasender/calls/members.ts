import { exitCodes } from "../../exit-codes.js";
import { address, texts, type VerbCall } from "../call.js";
import { groupOf } from "../group-reference.js";
import { participantFields } from "./groups.js";

const list: VerbCall = async (given) => {
  const { api, context } = given;
  const { output, signal } = context;
  const { value } = await api.groups.participants({ group: await groupOf(given) }, { signal });
  return {
    headings: ["MEMBER", "ROLE"],
    none: "Nobody is in the group.",
    rows: value.map((person) => ({
      cells: [output.address(person.id) ?? "", person.role],
      fields: participantFields(person, output),
    })),
  };
};

/** The provider's success holds one outcome each; the command fails when one of them is a failure. */
const changing =
  (verb: "add" | "remove"): VerbCall =>
  async (given) => {
    const { api, context } = given;
    const { output, signal } = context;
    const participants = texts(given, 1).map(address);
    const { value } = await api.groups[verb]({ group: await groupOf(given), participants }, { signal });
    const isWhole = value.every(({ succeeded }) => succeeded);
    return {
      headings: ["MEMBER", "OUTCOME"],
      none: "Nobody was changed.",
      rows: value.map(({ jid, succeeded, status, message }) => ({
        cells: [output.address(jid) ?? "", message ?? String(status)],
        fields: { jid: output.address(jid), succeeded, status, message },
      })),
      exitCode: () => (isWhole ? exitCodes.done : exitCodes.failed),
    };
  };

const ranking =
  (action: "promote" | "demote"): VerbCall =>
  async (given) => {
    const { api, context } = given;
    const { output, signal } = context;
    const participants = texts(given, 1).map(address);
    const { value } = await api.groups.setRole({ group: await groupOf(given), action, participants }, { signal });
    const role = action === "promote" ? "admin" : "member";
    const isWhole = value.participants.length >= participants.length;
    return {
      headings: ["MEMBER", "ROLE"],
      none: "Nobody was changed.",
      rows: value.participants.map((jid) => ({
        cells: [output.address(jid) ?? "", role],
        fields: { jid: output.address(jid), role },
      })),
      exitCode: () => (isWhole ? exitCodes.done : exitCodes.failed),
    };
  };

export const memberCalls: {
  readonly "groups members list": VerbCall;
  readonly "groups members add": VerbCall;
  readonly "groups members remove": VerbCall;
  readonly "groups members promote": VerbCall;
  readonly "groups members demote": VerbCall;
} = {
  "groups members list": list,
  "groups members add": changing("add"),
  "groups members remove": changing("remove"),
  "groups members promote": ranking("promote"),
  "groups members demote": ranking("demote"),
};
