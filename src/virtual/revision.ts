/** As ESP-IDF writes a revision that is major · 100 + minor. */
export const versionText = (revision: number): string => `v${Math.floor(revision / 100)}.${revision % 100}`;
