/** Who is written to. */
export const to = "+15550101";
export const ada = "15550101@s.whatsapp.net";
/** Where files lie; the service would fetch them. */
export const file = "https://files.example/file";
