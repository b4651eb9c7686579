/** Some zone in which the middle of the day is now: there no day, month or change of the clock begins while a test runs. */
export function noonZone(now = new Date()): string {
  const isNoon = (timeZone: string) => {
    const hour = Number(new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit' }).format(now));
    return hour >= 11 && hour <= 13;
  };
  const zone = Intl.supportedValuesOf('timeZone').find(isNoon);
  if (zone === undefined) throw new Error('It is noon somewhere at any time');
  return zone;
}
