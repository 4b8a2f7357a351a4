// oxlint-disable-next-line no-control-regex -- these are what is taken out
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** Words of others without what a terminal would obey; lines and tabs stay. */
export const printable = (text: string): string => text.replaceAll("\r\n", "\n").replaceAll(controls, "");
