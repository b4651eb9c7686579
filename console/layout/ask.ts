/** Asks for what the console will ask for, which then takes the answer that is there, or on its way. What was asked for already is not asked for again. */
function ask(address: string, what: Partial<HTMLLinkElement>): void {
  document.head.append(
    Object.assign(document.createElement('link'), { ...what, crossOrigin: '', href: address }),
  );
}

/** A read of the API, as the page makes it. */
export const askRead = (address: string): void => ask(address, { rel: 'preload', as: 'fetch' });

/** The console's script: its files, in the order in which they run. The build names them (scripts/standing-frame.ts). */
export const scripts: readonly string[] = document.documentElement.dataset.scripts?.split(' ') ?? [];

/** The script, and who is signed in, without which it shows nothing. */
export function askFirst(): void {
  for (const each of scripts) ask(each, { rel: 'modulepreload' });
  askRead('/api/v1/session');
}
