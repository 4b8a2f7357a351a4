import type { Lease, LeaseStore, Member } from "@colloquy/core";
import type { Database } from "./database.js";
import type { SqlRow } from "./driver/driver.js";
import { idOf, keyText } from "./key-text.js";
import type { Sql } from "./sql.js";

/** `now` is the machine's clock, which all processes on one file share. */
export function leaseStore(database: Database, now: () => number): LeaseStore {
  const read = (row: SqlRow, nowMs: number): Lease => ({
    sessionId: idOf(row["session_id"] as string),
    owner: idOf(row["owner"] as string),
    epoch: row["epoch"] as number,
    remainingMs: (row["until"] as number) - nowMs,
  });
  const find = (sql: Sql, sessionId: string): SqlRow | undefined =>
    sql.get(
      "SELECT s.id AS session_id, l.owner, l.epoch, l.until, l.is_offer FROM sessions s LEFT JOIN leases l ON l.session_id = s.id WHERE s.id = ?",
      keyText(sessionId),
    );
  const take = (sql: Sql, sessionId: string, owner: string, epoch: number, until: number): number =>
    sql.run(
      "INSERT INTO leases (session_id, owner, epoch, until, is_offer) VALUES (?, ?, ?, ?, 0) ON CONFLICT (session_id) DO UPDATE SET owner = excluded.owner, epoch = excluded.epoch, until = excluded.until, is_offer = 0",
      keyText(sessionId),
      keyText(owner),
      epoch,
      until,
    );

  return {
    acquire: (sessionIds, owner, durationMs) =>
      database.write((sql) => {
        const nowMs = now();
        return sessionIds.flatMap((sessionId) => {
          const row = find(sql, sessionId);
          if (!row) return [];
          const isLive = row["until"] !== null && (row["until"] as number) > nowMs;
          const isOurs = isLive && row["owner"] === keyText(owner);
          if (isLive && !isOurs) return [];
          const isRenewal = isOurs && row["is_offer"] === 0;
          const epoch = ((row["epoch"] as number | null) ?? 0) + (isRenewal ? 0 : 1);
          const until = nowMs + durationMs;
          take(sql, sessionId, owner, epoch, until);
          return [{ sessionId, owner, epoch, remainingMs: durationMs }];
        });
      }),

    seize: (sessionId, owner, durationMs) =>
      database.write((sql) => {
        const row = find(sql, sessionId);
        if (!row) return undefined;
        const epoch = ((row["epoch"] as number | null) ?? 0) + 1;
        take(sql, sessionId, owner, epoch, now() + durationMs);
        return { sessionId, owner, epoch, remainingMs: durationMs };
      }),

    renew: (leases, owner, durationMs) =>
      database.write((sql) => {
        const nowMs = now();
        return leases.flatMap(({ sessionId, epoch }) => {
          const held = sql.run(
            "UPDATE leases SET until = ? WHERE session_id = ? AND owner = ? AND epoch = ? AND is_offer = 0 AND until > ?",
            nowMs + durationMs,
            keyText(sessionId),
            keyText(owner),
            epoch,
            nowMs,
          );
          return held > 0 ? [{ sessionId, owner, epoch, remainingMs: durationMs }] : [];
        });
      }),

    release: (leases, owner, offer) =>
      database.write((sql) => {
        const nowMs = now();
        for (const { sessionId, epoch } of leases)
          sql.run(
            "UPDATE leases SET owner = ?, until = ?, is_offer = 1 WHERE session_id = ? AND owner = ? AND epoch = ? AND is_offer = 0 AND until > ?",
            keyText(offer?.to ?? ""),
            offer ? nowMs + offer.forMs : 0,
            keyText(sessionId),
            keyText(owner),
            epoch,
            nowMs,
          );
      }),

    list: ({ owner, offeredTo } = {}) =>
      database.read((sql) => {
        const nowMs = now();
        const whose = offeredTo ?? owner;
        const isOffer = offeredTo === undefined ? 0 : 1;
        const rows =
          whose === undefined
            ? sql.all("SELECT session_id, owner, epoch, until FROM leases WHERE is_offer = 0 AND until > ?", nowMs)
            : sql.all(
                "SELECT session_id, owner, epoch, until FROM leases WHERE owner = ? AND is_offer = ? AND until > ?",
                keyText(whose),
                isOffer,
                nowMs,
              );
        return rows.map((row) => read(row, nowMs));
      }),

    announce: (owner, details, durationMs) =>
      database.write((sql) => {
        const nowMs = now();
        // What ran out is of no use to anybody.
        sql.run("DELETE FROM members WHERE until <= ?", nowMs);
        sql.run(
          "INSERT INTO members (owner, joined_at, until, details) VALUES (?, ?, ?, ?) ON CONFLICT (owner) DO UPDATE SET until = excluded.until, details = excluded.details",
          keyText(owner),
          nowMs,
          nowMs + durationMs,
          JSON.stringify(details),
        );
      }),

    members: () =>
      database.read((sql) =>
        sql
          .all("SELECT owner, joined_at, details FROM members WHERE until > ? ORDER BY joined_at, owner", now())
          .map((row) => ({
            owner: idOf(row["owner"] as string),
            joinedAtMs: row["joined_at"] as number,
            details: JSON.parse(row["details"] as string) as Member["details"],
          })),
      ),

    leave: (owner) =>
      database.write((sql) => {
        sql.run("DELETE FROM members WHERE owner = ?", keyText(owner));
      }),
  };
}
