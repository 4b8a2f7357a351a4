/** `2025-04-01T12:00:00Z`, as session objects carry it. */
export const isoSeconds = (atMs: number): string => new Date(atMs).toISOString().replace(/\.\d{3}Z$/, "Z");

/** `2025-04-01 12:00:00`, UTC without saying so, as message logs carry it. */
export const plainTime = (atMs: number): string => isoSeconds(atMs).replace("T", " ").replace("Z", "");
