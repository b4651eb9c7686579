import { count } from '../ui/format.ts';

/** For Core's page, which is in English alone: `1 machine`, `3 machines`. */
export const plural = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`;
