import type { Emulator, NatsServer } from "@colloquy/emulator";

/** What to export so that every command finds the emulator. */
export function environmentOf(
  { wasender, atlus, org, models, ssm }: Emulator,
  nats: NatsServer | undefined,
): Readonly<Record<string, string>> {
  return {
    WASENDER_BASE_URL: wasender.baseUrl,
    WASENDER_PERSONAL_ACCESS_TOKEN: wasender.personalAccessToken,
    ATLUS_BASE_URL: atlus.baseUrl,
    ...(atlus.personalAccessToken === undefined ? {} : { ATLUS_PERSONAL_ACCESS_TOKEN: atlus.personalAccessToken }),
    ORG_SESSIONS_URL: org.sessionsUrl,
    ...(nats === undefined ? {} : { ORG_NATS_URL: nats.url }),
    OLLAMA_HOST: models.ollama.baseUrl,
    OPENAI_BASE_URL: models.openai.baseUrl,
    OPENAI_API_KEY: models.openai.apiKey,
    ANTHROPIC_BASE_URL: models.anthropic.baseUrl,
    ANTHROPIC_API_KEY: models.anthropic.apiKey,
    ...(ssm && {
      AWS_ENDPOINT_URL: ssm.endpointUrl,
      AWS_REGION: ssm.region,
      AWS_ACCESS_KEY_ID: ssm.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: ssm.credentials.secretAccessKey,
    }),
  };
}
