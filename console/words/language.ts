/**
 * How the owner wants the console: its language, clock, currency and units. The VM keeps it among its settings (`language` and those
 * beside it) and says it with the session; the browser keeps a copy, so that the page that asks to sign in is the owner's too.
 */
import type { Preferences } from '../../src/contract/preferences.ts';

export const languages = { en: 'English', de: 'Deutsch' } as const;
export type Language = keyof typeof languages;

const place = 'alfred.preferences';
/** Not there in tests, which run in Node and in English. */
const page = (globalThis as { document?: { documentElement: Page } }).document?.documentElement;
type Page = { lang: string; dataset: { language?: string } };

const kept = (page && localStorage.getItem(place)) ?? '{}';
/** What was said, and nothing of what was not. */
export const preferences: Partial<Preferences> = JSON.parse(kept);

/** Whether a wish is the name of a language: a browser without a region says `en-US@posix`, which no format takes. */
function isName(wish: string): boolean {
  try {
    return Intl.getCanonicalLocales(wish).length > 0;
  } catch {
    return false;
  }
}

/** What the browser asks for, its first wish first. */
const wishes: readonly string[] = page ? navigator.languages.filter(isName) : [];
const isSpoken = (name: string | undefined): name is Language => name !== undefined && name in languages;
const wished = wishes.map((wish) => wish.split('-')[0]).find(isSpoken);
// Core's page is in English alone, and says so.
const fixed = page ? page.dataset.language : 'en';

export const language: Language = [fixed, preferences.language ?? undefined, wished].find(isSpoken) ?? 'en';

/** For dates and figures: as the browser's region has the language, where that is known. */
export const locale: string | undefined =
  wishes.find((wish) => wish.split('-')[0] === language) ?? (page && language);

if (page) page.lang = language;

/** Keeps what the VM says. @returns whether the page must be loaded anew to show it */
export function keepPreferences(said: Preferences): boolean {
  const text = JSON.stringify(said, (_, value) => value ?? undefined);
  if (text === localStorage.getItem(place)) return false;
  localStorage.setItem(place, text);
  return text !== kept;
}
