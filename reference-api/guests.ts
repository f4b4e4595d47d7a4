/**
 * Guests and what they saved, in SQL. A guest is a device; asking again with the same device gives the same guest.
 * A new guest's list starts with the three most played series, so that reading it always joins real rows.
 */
import type { Database } from "./database.ts";

/** What a device says of itself when it asks for a session. */
export interface Device {
  readonly deviceId: string;
  readonly platform: string;
  readonly appVersion: string;
}

/** A series as the lists show it. */
export interface SeriesCard {
  readonly id: number;
  readonly slug: string;
  readonly title: string;
  readonly genres: readonly string[];
  readonly language: string;
  readonly episodeCount: number;
  readonly rating: number;
}

/** Columns of {@link SeriesCard}, for the statements that select one from `series s`. */
export const cardColumns = `s.id, s.slug, s.title, s.genres, s.language, s.episode_count AS "episodeCount", s.rating`;

const upsertGuest = {
  name: "guest-upsert",
  text: `
    WITH guest AS (
      INSERT INTO guests (device_id, platform, app_version) VALUES ($1, $2, $3)
      ON CONFLICT (device_id) DO UPDATE
        SET platform = excluded.platform, app_version = excluded.app_version, last_seen_at = now()
      RETURNING id, first_seen_at = last_seen_at AS "isNew"
    ), starter AS (
      INSERT INTO saved_series (guest_id, series_id)
      SELECT guest.id, popular.id
      FROM guest CROSS JOIN (SELECT id FROM series ORDER BY popularity DESC, id LIMIT 3) AS popular
      WHERE guest."isNew"
      ON CONFLICT DO NOTHING
    )
    SELECT id, "isNew" FROM guest`,
};

const selectSaved = {
  name: "saved-by-guest",
  text: `
    SELECT ${cardColumns}, to_char(saved.saved_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS "savedAt"
    FROM saved_series AS saved JOIN series AS s ON s.id = saved.series_id
    WHERE saved.guest_id = $1::uuid
    ORDER BY saved.saved_at DESC, s.id`,
};

const deleteIdle = {
  name: "guests-delete-idle",
  text: `
    WITH gone AS (
      DELETE FROM guests WHERE id IN (
        SELECT id FROM guests WHERE last_seen_at < now() - make_interval(secs => $1) ORDER BY last_seen_at LIMIT $2
      )
      RETURNING id
    )
    SELECT count(*)::integer AS deleted FROM gone`,
};

/** Few enough that the embedded engine does not hold the event loop for long. */
const deleteBatch = 500;

/** Finds or creates the guest of `device`. */
export async function openGuest(
  database: Database,
  device: Device,
): Promise<{ id: string; isNew: boolean }> {
  const [guest] = await database.query<{ id: string; isNew: boolean }>(upsertGuest, [
    device.deviceId,
    device.platform,
    device.appVersion,
  ]);
  return guest!;
}

/** The series that a guest saved, newest first. */
export function savedBy(
  database: Database,
  guestId: string,
): Promise<readonly (SeriesCard & { savedAt: string })[]> {
  return database.query(selectSaved, [guestId]);
}

/** Deletes guests unseen for `idleSeconds`, whose tokens have run out, so that a long run does not fill the memory. */
export async function forgetIdleGuests(database: Database, idleSeconds: number): Promise<number> {
  let total = 0;
  let deleted = deleteBatch;
  while (deleted === deleteBatch) {
    const [row] = await database.query<{ deleted: number }>(deleteIdle, [idleSeconds, deleteBatch]);
    deleted = row?.deleted ?? 0;
    total += deleted;
  }
  if (total > 0) await database.reclaim(["guests", "saved_series"]);
  return total;
}
