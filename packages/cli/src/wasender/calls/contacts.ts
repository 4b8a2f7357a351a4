import type { Contact } from "@colloquy/wasender";
import type { Fields, Output } from "../../output/output.js";
import { fieldList } from "../../output/table.js";
import { address, isSet, text, type VerbCall } from "../call.js";
import { upToLimit } from "../pages.js";

/** The address of a picture may hold the number that is masked beside it; `contacts picture` tells it to whoever asks. */
function contactFields(contact: Contact, output: Output): Fields {
  const { jid, phone, name, notifyName, verifiedName, about, pictureUrl } = contact;
  return {
    jid: output.address(jid),
    phone: output.address(phone),
    name,
    notifyName,
    verifiedName,
    about,
    hasPicture: pictureUrl !== undefined,
  };
}

const nameOf = ({ name, notifyName, verifiedName }: Contact): string => name ?? verifiedName ?? notifyName ?? "";

const list: VerbCall = async (given) => {
  const { api, context } = given;
  const { output, signal } = context;
  const contacts = upToLimit(given, (size) => api.contacts.page.each(size, { signal }));
  return {
    headings: ["NAME", "PHONE", "JID", "ABOUT"],
    none: "The address book is empty.",
    rows: (async function* () {
      for await (const contact of contacts) {
        const phone = output.address(contact.phone) ?? "";
        const cells = [nameOf(contact), phone, output.address(contact.jid) ?? "", contact.about ?? ""];
        yield { cells, fields: contactFields(contact, output) };
      }
    })(),
  };
};

const get: VerbCall = async (given) => {
  const { api, context } = given;
  const { output, signal } = context;
  const { value: contact } = await api.contacts.get({ contact: address(text(given, 0)) }, { signal });
  const { name, notifyName, verifiedName, about, pictureUrl } = contact;
  const lines = fieldList([
    ["jid", output.address(contact.jid)],
    ["phone", output.address(contact.phone)],
    ["name", name],
    ["calls itself", notifyName],
    ["verified as", verifiedName],
    ["about", about],
    ["picture", pictureUrl === undefined ? "none to be seen" : "yes"],
  ]);
  return {
    lines: [nameOf(contact) || (output.address(contact.jid) ?? ""), lines],
    fields: { contact: contactFields(contact, output) },
  };
};

const picture: VerbCall = async (given) => {
  const { api, context } = given;
  const { value } = await api.contacts.picture({ contact: address(text(given, 0)) }, { signal: context.signal });
  return { lines: [value.url ?? "There is no picture to be seen."], fields: { url: value.url ?? null } };
};

const blocking =
  (verb: "block" | "unblock"): VerbCall =>
  async (given) => {
    const { api, context } = given;
    const contact = address(text(given, 0));
    await api.contacts[verb]({ contact }, { signal: context.signal });
    const shown = context.output.address(contact);
    const isBlocked = verb === "block";
    return {
      lines: [`${shown} is ${isBlocked ? "blocked" : "not blocked any more"}.`],
      fields: { contact: shown, isBlocked },
    };
  };

const save: VerbCall = async (given) => {
  const { api, context } = given;
  const { output, signal } = context;
  const input = { contact: address(text(given, 0)), fullName: text(given, 1) };
  const onPhone = isSet(given, "onPhone") ? { saveOnPrimaryAddressBook: true } : {};
  const { value } = await api.contacts.save({ ...input, ...onPhone }, { signal });
  const jid = output.address(value.jid);
  const name = value.fullName ?? input.fullName;
  return { lines: [`Saved ${jid} as ${name}.`], fields: { jid, name } };
};

export const contactCalls: {
  readonly "contacts list": VerbCall;
  readonly "contacts get": VerbCall;
  readonly "contacts picture": VerbCall;
  readonly "contacts block": VerbCall;
  readonly "contacts unblock": VerbCall;
  readonly "contacts save": VerbCall;
} = {
  "contacts list": list,
  "contacts get": get,
  "contacts picture": picture,
  "contacts block": blocking("block"),
  "contacts unblock": blocking("unblock"),
  "contacts save": save,
};
