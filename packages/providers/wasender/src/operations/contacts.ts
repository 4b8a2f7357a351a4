import type { Operation, PagedOperation } from "@colloquy/core/contract";
import { z } from "zod";
import { decodeBody, malformed, optionalText, rowShape } from "../decode.js";
import { type NoInput, requiredText } from "../input.js";
import { type JsonRecord, present, withoutUndefined } from "../json.js";
import { phoneOfJid, toJid } from "../phone.js";
import { listPage, type Page, type PageInput, pagingBy } from "./pages.js";

export interface Contact {
  readonly jid: string;
  /** `+15550100`, when the JID holds a number. */
  readonly phone?: string;
  /** As the phone's address book has it. */
  readonly name?: string;
  /** As the person named themselves. */
  readonly notifyName?: string;
  readonly verifiedName?: string;
  readonly pictureUrl?: string;
  readonly about?: string;
  readonly raw: JsonRecord;
}

export interface ContactTarget {
  /** Phone number in E.164 or JID. */
  readonly contact: string;
}

// The list says `jid`, the single contact `id`.
const contactRow = rowShape(
  z
    .looseObject({
      jid: optionalText,
      id: optionalText,
      name: optionalText,
      notify: optionalText,
      verifiedName: optionalText,
      imgUrl: optionalText,
      status: optionalText,
    })
    .refine(({ jid, id }) => (jid ?? id) !== undefined, { path: ["jid"] }),
  (row, raw) => {
    const jid = (row.jid ?? row.id) as string;
    return withoutUndefined<Contact>({
      jid,
      phone: phoneOfJid(jid),
      name: row.name,
      notifyName: row.notify,
      verifiedName: row.verifiedName,
      pictureUrl: row.imgUrl,
      about: row.status,
      raw,
    });
  },
);

const allShape = z.looseObject({ data: z.array(contactRow) });
const pageShape = z.looseObject({ data: listPage(contactRow) });
const oneShape = z.looseObject({ data: contactRow.nullable() });
const pictureShape = z.looseObject({ data: z.looseObject({ imgUrl: optionalText }) });
const saidShape = z.looseObject({ data: z.looseObject({ message: optionalText }).optional().catch(undefined) });
const savedShape = z.looseObject({ data: z.looseObject({ jid: z.string().min(1), fullName: optionalText }) });

const params = (operation: string, { contact }: ContactTarget): { readonly contact: string } => ({
  contact: requiredText(operation, "contact", contact),
});

export const list: Operation<NoInput, readonly Contact[]> = {
  name: "contacts.list",
  summary: "All contacts at once.",
  method: "GET",
  path: "/contacts",
  credential: "session_key",
  repeatable: "always",
  buckets: [],
  encode: () => ({}),
  decode: (response) => decodeBody("contacts.list", allShape, response).data,
};

export const page: PagedOperation<PageInput, Page<Contact>, Contact> = {
  name: "contacts.page",
  summary: "One page of the contacts; the provider's page size is 20 when none is given.",
  method: "GET",
  path: "/contacts",
  credential: "session_key",
  repeatable: "always",
  buckets: [],
  encode: (input) => ({ query: { paginated: true, page: input.page ?? 1, limit: input.perPage } }),
  decode: (response) => decodeBody("contacts.page", pageShape, response).data,
  paging: pagingBy(({ jid }) => jid),
};

export const get: Operation<ContactTarget, Contact> = {
  name: "contacts.get",
  summary: "One contact.",
  method: "GET",
  path: "/contacts/{contact}",
  credential: "session_key",
  repeatable: "always",
  buckets: [],
  encode: (input) => ({ params: params("contacts.get", input) }),
  decode: (response) => {
    const contact = decodeBody("contacts.get", oneShape, response).data;
    if (contact === null) throw malformed("contacts.get", "data is null");
    return contact;
  },
};

export const picture: Operation<ContactTarget, { readonly url?: string }> = {
  name: "contacts.picture",
  summary: "Address of the profile picture; absent when it is hidden or there is none.",
  method: "GET",
  path: "/contacts/{contact}/picture",
  credential: "session_key",
  repeatable: "always",
  buckets: ["contact_picture"],
  encode: (input) => ({ params: params("contacts.picture", input) }),
  decode: (response) => {
    const { imgUrl } = decodeBody("contacts.picture", pictureShape, response).data;
    return imgUrl === undefined ? {} : { url: imgUrl };
  },
};

function blocking(verb: "block" | "unblock", summary: string): Operation<ContactTarget, { readonly message?: string }> {
  return {
    name: `contacts.${verb}`,
    summary,
    method: "POST",
    path: `/contacts/{contact}/${verb}`,
    credential: "session_key",
    repeatable: "always",
    buckets: [],
    encode: (input) => ({ params: params(`contacts.${verb}`, input) }),
    decode: (response) => {
      const message = decodeBody(`contacts.${verb}`, saidShape, response).data?.message;
      return message === undefined ? {} : { message };
    },
  };
}

export const block: Operation<ContactTarget, { readonly message?: string }> = blocking("block", "Blocks a contact.");
export const unblock: Operation<ContactTarget, { readonly message?: string }> = blocking(
  "unblock",
  "Unblocks a contact.",
);

export interface ContactChange {
  /** Phone number in E.164 or user JID. */
  readonly contact: string;
  readonly fullName?: string;
  /** Also on the phone itself. Default false. */
  readonly saveOnPrimaryAddressBook?: boolean;
}

export const save: Operation<ContactChange, { readonly jid: string; readonly fullName?: string }> = {
  name: "contacts.save",
  summary: "Adds a contact or renames it.",
  method: "PUT",
  path: "/contacts",
  credential: "session_key",
  repeatable: "always",
  buckets: [],
  encode: ({ contact, fullName, saveOnPrimaryAddressBook }) => ({
    body: {
      kind: "json",
      value: present({
        jid: toJid(requiredText("contacts.save", "contact", contact)),
        fullName,
        saveOnPrimaryAddressbook: saveOnPrimaryAddressBook,
      }),
    },
  }),
  decode: (response) => {
    const { jid, fullName } = decodeBody("contacts.save", savedShape, response).data;
    return { jid, ...(fullName === undefined ? {} : { fullName }) };
  },
};

export type ContactOperations = {
  readonly list: typeof list;
  readonly page: typeof page;
  readonly get: typeof get;
  readonly picture: typeof picture;
  readonly block: typeof block;
  readonly unblock: typeof unblock;
  readonly save: typeof save;
};

export const contacts: ContactOperations = { list, page, get, picture, block, unblock, save };
