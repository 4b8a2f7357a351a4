import { limitOf, type SweepOptions, type SweepResult } from "@colloquy/core";
import type { Database } from "../database.js";
import type { SqlRow } from "../driver/driver.js";
import type { Sql } from "../sql.js";
import { placeArrivals } from "./arrivals.js";

export function sweepConversations(
  database: Database,
  { nowMs, untouchedSinceMs, ownerId, limit }: SweepOptions,
): Promise<SweepResult> {
  const most = limitOf(limit, 100, 1_000);
  return database.write((sql) => {
    // What has just arrived has touched its conversation.
    placeArrivals(sql);
    const due = new Map<number, string>();
    const take = (rows: readonly SqlRow[]): void => {
      for (const row of rows) due.set(row["number"] as number, row["id"] as string);
    };
    take(sql.all("SELECT number, id FROM conversations WHERE expires_at <= ? LIMIT ?", nowMs, most + 1));
    if (untouchedSinceMs !== undefined && due.size <= most) take(untouched(sql, untouchedSinceMs, ownerId, most + 1));
    const batch = [...due].slice(0, most);
    for (const [number] of batch) sql.run("DELETE FROM conversations WHERE number = ?", number);
    return { removed: batch.map(([, id]) => id), hasMore: due.size > most };
  });
}

function untouched(sql: Sql, beforeMs: number, ownerId: string | undefined, limit: number): readonly SqlRow[] {
  return ownerId === undefined
    ? sql.all("SELECT number, id FROM conversations WHERE updated_at < ? LIMIT ?", beforeMs, limit)
    : sql.all(
        "SELECT number, id FROM conversations WHERE updated_at < ? AND owner_id = ? LIMIT ?",
        beforeMs,
        ownerId,
        limit,
      );
}
