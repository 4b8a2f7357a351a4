/** Limited endpoints. Limits count per endpoint and per session. */
export type BucketName = "send" | "groupMetadata" | "groupParticipants" | "contactPicture" | "onWhatsapp";

export interface Allowance {
  limit: number;
  windowMs: number;
  dailyLimit: number | null;
}

const minuteMs = 60_000;
const perMinute = (limit: number, dailyLimit: number | null): Allowance => ({ limit, windowMs: minuteMs, dailyLimit });

/** The provider's published limits by plan (August 2026). */
export const limitTable: Record<"trial" | "paid", Record<BucketName, Allowance>> = {
  trial: {
    send: perMinute(1, 50),
    groupMetadata: perMinute(10, 100),
    groupParticipants: perMinute(10, 100),
    contactPicture: perMinute(10, 100),
    onWhatsapp: perMinute(10, 100),
  },
  paid: {
    send: perMinute(256, null),
    groupMetadata: perMinute(10, 500),
    groupParticipants: perMinute(10, 500),
    contactPicture: perMinute(60, 1_000),
    onWhatsapp: perMinute(60, 1_000),
  },
};
