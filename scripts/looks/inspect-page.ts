/** What holds of every page and dialog: axe finds nothing, nothing is wider than its window, and nothing stands over two lines that should not. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright-core';

/** Times, buttons, tabs, keys and short figures stand in one line, tables of a text aside, and nothing is drawn beyond the window. */
const measured = `(() => {
  const scope = [...document.querySelectorAll('main, header, nav, [role=dialog], [role=alertdialog]')];
  const short = 'time, button:not([class*="text-left"]), [role=tab], kbd, td, dd';
  const isShort = ({ tagName, textContent }) => textContent.trim().length < (tagName === 'DD' ? 24 : 40);
  const broken = [...new Set(scope.flatMap((part) => [...part.querySelectorAll(short)]))]
    .filter((element) => element.checkVisibility({ visibilityProperty: true }) && element.childElementCount === 0)
    .filter((element) => isShort(element) && !element.closest('article table, [class*="sr-only"]'))
    .filter((element) => {
      const range = document.createRange();
      range.selectNodeContents(element);
      return new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size > 1;
    })
    .map((element) => element.tagName.toLowerCase() + ' ' + element.textContent.trim());
  const { scrollWidth, clientWidth } = document.documentElement;
  const wide = scrollWidth <= clientWidth ? '' : [...document.querySelectorAll('body *')]
    .filter((element) => element.getBoundingClientRect().right > clientWidth + 0.5 && element.checkVisibility())
    .map((element) => element.tagName.toLowerCase() + '.' + String(element.className).slice(0, 80)).slice(0, 3).join(' · ');
  return { overflow: scrollWidth - clientWidth, wide, broken };
})()`;

/** @returns what is wrong with it, in lines for a person */
export async function inspectPage(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.map(
    ({ id, nodes }) =>
      `${id} (${nodes.length}): ${nodes
        .slice(0, 3)
        .map(({ html }) => html.slice(0, 160))
        .join(' · ')}`,
  );
  const { overflow, wide, broken } = await page.evaluate<{
    overflow: number;
    wide: string;
    broken: string[];
  }>(measured);
  return [
    ...found,
    ...(overflow > 0 ? [`${overflow} pixels wider than its window: ${wide}`] : []),
    ...(broken.length > 0 ? [`over two lines: ${broken.slice(0, 4).join(' · ')}`] : []),
  ];
}
