/** What holds of every page, on a desk by day and on a phone by night. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

export const looks = [
  { colorScheme: 'light', viewport: { width: 1280, height: 900 } },
  { colorScheme: 'dark', viewport: { width: 390, height: 844 } },
] as const;

/**
 * Expects a page in one of its looks to be accessible and no wider than its window, and closes it. ALFRED_SHOTS names a folder
 * that pictures are kept in.
 */
export async function expectGoodLook(page: Page, name: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
  const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
  await expect.poll(() => page.evaluate(overflow)).toBe(0);
  if (process.env.ALFRED_SHOTS)
    await page.screenshot({ path: `${process.env.ALFRED_SHOTS}/${name}.png`, fullPage: true });
  await page.context().close();
}
