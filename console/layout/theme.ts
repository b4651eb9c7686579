export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const place = 'alfred.theme';

export const readTheme = (): Theme =>
  themes.find((theme) => theme === localStorage.getItem(place)) ?? 'system';

/** Light, dark, or as the system has it. */
export function applyTheme(theme: Theme): void {
  if (theme === 'system') {
    localStorage.removeItem(place);
    delete document.documentElement.dataset.theme;
  } else {
    localStorage.setItem(place, theme);
    document.documentElement.dataset.theme = theme;
  }
}
