/**
 * The messages of the chosen language by their English text; empty for English, which stands where it is said. Whatever says
 * something imports this, and so waits for it: a sentence may be a constant of a module.
 */
import { language } from './language.ts';

/** Vite makes a file of its own of each. */
const addresses = { de: new URL('./de.json', import.meta.url) };

async function load(): Promise<Record<string, string>> {
  // Looked up by what comes from outside, too: there is no message `constructor`.
  const none: Record<string, string> = Object.create(null);
  if (language === 'en') return none;
  // Where it does not come, English is better than nothing.
  const answer = await fetch(addresses[language]).catch(() => undefined);
  return answer?.ok ? Object.assign(none, await answer.json()) : none;
}

export const catalog = await load();
