import { z } from "zod";
import { optionalText, rowShape } from "../../decode.js";
import { type JsonRecord, withoutUndefined } from "../../json.js";
import { unixInstantMs } from "../../timestamps.js";

export type GroupRole = "member" | "admin" | "superadmin";

export interface GroupParticipant {
  /** User JID or LID. */
  readonly id: string;
  readonly role: GroupRole;
  readonly raw: JsonRecord;
}

/** A group, from whichever answer: each names its fields a little differently. */
export interface Group {
  readonly jid: string;
  readonly subject?: string;
  readonly description?: string;
  readonly owner?: string;
  readonly createdAtMs?: number;
  /** Absent in the list and in answers that do not tell. */
  readonly participants?: readonly GroupParticipant[];
  readonly size?: number;
  readonly pictureUrl?: string;
  readonly raw: JsonRecord;
}

// `jid, isAdmin, isSuperAdmin` in the metadata, `id, admin` everywhere else.
export const participantRow: z.ZodType<GroupParticipant> = rowShape(
  z
    .looseObject({
      id: optionalText,
      jid: optionalText,
      admin: optionalText,
      isAdmin: z.unknown().optional(),
      isSuperAdmin: z.unknown().optional(),
    })
    .refine(({ id, jid }) => (id ?? jid) !== undefined, { path: ["id"] }),
  (row, raw) => ({ id: (row.id ?? row.jid) as string, role: roleOf(row), raw }),
);

function roleOf(row: {
  readonly admin?: string | undefined;
  readonly isAdmin?: unknown;
  readonly isSuperAdmin?: unknown;
}): GroupRole {
  if (row.admin === "superadmin" || row.isSuperAdmin === true) return "superadmin";
  return row.admin === "admin" || row.isAdmin === true ? "admin" : "member";
}

export const groupRow: z.ZodType<Group> = rowShape(
  z
    .looseObject({
      id: optionalText,
      jid: optionalText,
      subject: optionalText,
      name: optionalText,
      desc: optionalText,
      owner: optionalText,
      creation: z.unknown().optional(),
      participants: z.array(participantRow).optional().catch(undefined),
      size: z.int().optional().catch(undefined),
      imgUrl: optionalText,
    })
    .refine(({ id, jid }) => (id ?? jid) !== undefined, { path: ["jid"] }),
  (row, raw) =>
    withoutUndefined<Group>({
      jid: (row.jid ?? row.id) as string,
      subject: row.subject ?? row.name,
      description: row.desc,
      owner: row.owner,
      createdAtMs: unixInstantMs(row.creation),
      participants: row.participants,
      size: row.size,
      pictureUrl: row.imgUrl,
      raw,
    }),
);
