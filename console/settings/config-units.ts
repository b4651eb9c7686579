/** Settings in the units that people think in: `unit` is how many of what is stored make one of these. */

/** What was typed, as it is stored. What is no number is sent as it is, for the server to say what is wrong with it. */
export function stored(text: string, unit = 1): string {
  const value = Number(text);
  return text === '' || unit === 1 || Number.isNaN(value) ? text : String(Math.round(value * unit));
}

/** What is stored, in the unit in which it is shown. */
export function shown(text: string, unit = 1): string {
  const value = Number(text);
  return text === '' || unit === 1 || Number.isNaN(value) ? text : String(value / unit);
}
