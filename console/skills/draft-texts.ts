/** What a form's texts say, and back. */

export const textOf = (value: unknown): string =>
  value === undefined || value === null ? '' : String(value);

export const isEmpty = (text: string): boolean => text.trim() === '';
export const numberOr = <Other>(text: string, other: Other): number | Other =>
  isEmpty(text) ? other : Number(text);
export const textOr = <Other>(text: string, other: Other): string | Other =>
  isEmpty(text) ? other : text.trim();
export const given = (name: string, value: unknown): Record<string, unknown> =>
  value === undefined ? {} : { [name]: value };
