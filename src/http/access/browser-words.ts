/** What a browser's `User-Agent` says of it, in words its owner knows it by: they call each other by each other's names. */

/** The first that fits: who is built on another names it as well, and stands before it here. */
const browsers: readonly [pattern: RegExp, name: string][] = [
  [/\bEdg(?:A|iOS)?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bVivaldi\//, 'Vivaldi'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
  [/\b(?:HeadlessChrome|Chrome|CriOS)\//, 'Chrome'],
  [/\bVersion\/[\d.]+ .*\bSafari\//, 'Safari'],
];

const systems: readonly [pattern: RegExp, name: string][] = [
  [/\bAndroid\b/, 'Android'],
  [/\biPhone\b/, 'an iPhone'],
  [/\biPad\b/, 'an iPad'],
  [/\bWindows\b/, 'Windows'],
  [/\bMacintosh\b/, 'a Mac'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
];

const nameIn = (text: string, names: readonly [pattern: RegExp, name: string][]): string | undefined =>
  names.find(([pattern]) => pattern.test(text))?.[1];

/** `Firefox on Linux`; `a program` for what is no browser that is known. */
export function browserWords(userAgent: string | null): string {
  const text = userAgent ?? '';
  const browser = nameIn(text, browsers);
  if (browser === undefined) return 'a program';
  const system = nameIn(text, systems);
  return system === undefined ? browser : `${browser} on ${system}`;
}
