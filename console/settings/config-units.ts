/** Settings in the units that people think in: one of them is so many (`unit`) of what is stored. */

/** What is not a number is sent as it is, for the server to say what is wrong with it. */
export function stored(text: string, unit = 1): string {
  const value = Number(text);
  return text === '' || unit === 1 || Number.isNaN(value) ? text : String(Math.round(value * unit));
}

/** What is stored, as it is shown. */
export function shown(text: string, unit = 1): string {
  const value = Number(text);
  return text === '' || unit === 1 || Number.isNaN(value) ? text : String(value / unit);
}
