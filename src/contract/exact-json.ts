/**
 * JSON whose numbers keep their digits. JavaScript has no number for 9007199254740993, and whatever reads JSON by its rules
 * makes another of it: such a number is its digits, as text, from where it comes in to where it goes out. Every number
 * that JavaScript writes as it was read stays a number.
 */

/**
 * What a text must hold for any of its numbers to lose digits: many of them in a row, perhaps with a point, or an exponent. A number
 * stands at the beginning, or behind one of these: what is within a UUID or a hash is none.
 */
const suspicious = /\d[\d.]{15}|(?:^|[[:,\s])-?\d[\d.]*[eE]/;

/**
 * @returns the value, a number that would be rounded as the text of its digits
 * @throws SyntaxError for what is no JSON
 */
export function parseExactJson(text: string): unknown {
  // A reviver makes reading ten times as dear.
  return suspicious.test(text)
    ? JSON.parse(text, keepDigits as (key: string, value: unknown) => unknown)
    : JSON.parse(text);
}

function keepDigits(_key: string, value: unknown, { source }: { source?: string } = {}): unknown {
  if (typeof value !== 'number' || source === undefined || !Number.isFinite(value)) return value;
  return isExact(value, source) ? value : source;
}

/** Whether a number says what its source does, digit by digit. */
function isExact(value: number, source: string): boolean {
  if (Number.isInteger(value) && !Number.isSafeInteger(value))
    return !/^-?\d+$/.test(source) && isSame(value, source);
  return source.length <= 15 || isSame(value, source);
}

const isSame = (value: number, source: string): boolean => plainDigits(String(value)) === plainDigits(source);

/** A decimal number as its digits without zeros at either end, and the power of ten that they are of. */
function plainDigits(text: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const kept = digits.replace(/0+$/, '');
  if (kept === '') return '0';
  return `${sign}${kept}e${Number(exponent) - fraction.length + digits.length - kept.length}`;
}

/** An integer that JavaScript cannot hold, as the text of its digits. */
export const isLongInteger = (value: unknown): value is string =>
  typeof value === 'string' && /^-?[1-9]\d{15,}$/.test(value) && !Number.isSafeInteger(Number(value));

/** A number that was rounded where it was read: what it was cannot be told any more. */
const isRounded = (value: unknown): boolean =>
  typeof value === 'number' &&
  Number.isInteger(value) &&
  !Number.isSafeInteger(value) &&
  Math.abs(value) < 1e21;

/** Whether a value holds such a number anywhere. */
export function holdsRounded(root: unknown): boolean {
  const open = [root];
  while (open.length > 0) {
    const value = open.pop();
    if (isRounded(value)) return true;
    if (typeof value === 'object' && value !== null)
      for (const inner of Object.values(value)) open.push(inner);
  }
  return false;
}
