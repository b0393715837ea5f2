// Filling in the names of a sentence.

/** Puts fields in the places of their names in braces, a list joined by commas; what was not given stays in braces. */
export const fill = (sentence: string, fields: Record<string, unknown>): string =>
  sentence.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = fields[name];
    return value === undefined ? whole : Array.isArray(value) ? value.join(', ') : String(value);
  });
