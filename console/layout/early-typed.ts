/** What is typed to be found before the palette's code is there, which takes it over. */
let typed = '';

export const keepTyped = (text: string): void => {
  typed = text;
};

export const typedEarly = (): string => typed;

/** Once: when the palette opens again it begins anew. */
export function takeTyped(): string {
  const text = typed;
  typed = '';
  return text;
}
