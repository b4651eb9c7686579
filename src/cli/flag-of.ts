/** `--base-url` for `baseUrl`, as commander reads the one from the other. */
export const flagOf = (option: string): string =>
  `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
