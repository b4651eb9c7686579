/** Moves secrets out of a text in which they stand among other words: a command for a shell, a header, a list of settings. */
import { liftFromAddress } from './lift-address.ts';
import type { Lifted } from './lifted.ts';
import { holdsLogin, isOrdinary, isPath, keysIn, looksRandom, namesSecret, pin } from './looks-secret.ts';
import { isPlaceholder } from './placeholders.ts';

/** `value`, or the reference to it where it is a secret or stands for one. */
const replaced = (label: string, value: string, lifted: Lifted): string => {
  if (value === '' || value.startsWith('${') || isOrdinary(value) || isPath(value)) return value;
  return isPlaceholder(value) ? lifted.ask(label, value) : lifted.keep(label, value);
};

/** `name=value`, `--name value`, `name: value`, `"name": "value"`, where the name says that it is a secret. */
const named =
  /((?:^|[\s,;&{("'])-{0,2}["']?)([A-Za-z_][\w.-]*)(["']?\s*(?:=|:\s*|\s(?=\S)))("[^"]*"|'[^']*'|(?:(?:Bearer|Basic|Token)\s+)?[^\s"',;&})]+)/gi;
const scheme = /\b(Bearer|Basic|Token|ApiKey)(\s+)([^\s"',;]{4,})/gi;
const address = /[a-z][a-z0-9+.-]*:\/\/[^\s"'<>]+/gi;

export function liftFromText(text: string, lifted: Lifted): string {
  return liftWords(
    text
      .replace(address, (whole) => {
        if (holdsLogin(whole)) return replaced('URL', whole, lifted);
        return /^https?:/i.test(whole) ? liftFromAddress(whole, lifted).url : whole;
      })
      .replace(named, (whole, start: string, name: string, middle: string, given: string) => {
        const isOption = /^\s/.test(middle);
        if (!namesSecret(name) || (isOption && !/--?$/.test(start.replace(/["']$/, '')))) return whole;
        const [quote] = /^["']/.exec(given) ?? [''];
        const value = quote === '' ? given : given.slice(1, -1);
        return start + name + middle + quote + replaced(name, value, lifted) + quote;
      })
      .replace(
        scheme,
        (_whole, word: string, space: string, value: string) =>
          word + space + replaced('AUTHORIZATION', value, lifted),
      ),
    lifted,
  );
}

/** What is a key by its looks, wherever it stands. */
function liftWords(text: string, lifted: Lifted): string {
  let left = text;
  for (const key of keysIn(text)) left = left.replaceAll(key, () => replaced('KEY', key, lifted));
  const word = /(?<![\w${])[\w+/=-]{16,}(?![\w}])/g;
  const liftOutside = (part: string) =>
    part.replace(word, (one) => (looksRandom(one) && !isPath(one) ? replaced('VALUE', one, lifted) : one));
  const pins = left.match(pin) ?? [];
  return left
    .split(pin)
    .map((part, at) => liftOutside(part) + (pins[at] ?? ''))
    .join('');
}
