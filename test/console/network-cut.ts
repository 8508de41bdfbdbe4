import type { Locator, Page } from 'playwright-core';

/** What waits on this device, as the page shows it. */
export function outboxOf(page: Page): Locator {
  return page.getByRole('complementary', { name: 'Not yet recorded' });
}

/** From now on forms at the bench reach the server, and its answers get lost. What is returned ends this. */
export async function loseAnswers(page: Page): Promise<() => Promise<void>> {
  const forms = '**/bench/**';
  await page.route(forms, async (route) => {
    if (route.request().method() !== 'POST') return route.continue();
    await route.fetch();
    // A try that was under way when this ended goes on by itself.
    return route.abort().catch(() => undefined);
  });
  return () => page.unroute(forms);
}
