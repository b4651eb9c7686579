/** Small words of findings. */

const minute = 60;
const hour = 3600;

/** `40 s`, `12 min`, `5 h`, `3 d` */
export function span(seconds: number): string {
  if (seconds < 2 * minute) return `${Math.round(seconds)} s`;
  if (seconds < 2 * hour) return `${Math.round(seconds / minute)} min`;
  return seconds < 48 * hour ? `${Math.round(seconds / hour)} h` : `${Math.round(seconds / (24 * hour))} d`;
}

/** `1 run`, `3 runs` */
export const count = (number: number, one: string): string => `${number} ${one}${number === 1 ? '' : 's'}`;

/** At most three names, and how many more. */
export const names = (all: readonly string[]): string =>
  all.length <= 3 ? all.join(', ') : `${all.slice(0, 3).join(', ')} and ${all.length - 3} more`;
