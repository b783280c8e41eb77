import type { Page } from 'playwright';
import type { Found, Surveyed } from './survey.ts';

/** Looks at the form once it says `what`. */
export function seePreferences(
  page: Page,
  shape: string | null,
  what: string,
): Promise<{ seen: string; faults: string[] }> {
  return page.evaluate(
    async ([before, words]) => {
      const { surveyor } = window as unknown as Surveyed;
      const found: Found = { placed: {}, faults: [] };
      const says = (one: Element) =>
        surveyor.all('p', one).some(({ textContent }) => textContent.includes(words));
      const form = await surveyor.until(() => surveyor.all('cartbell-preferences').find(says), words);
      return { seen: surveyor.survey(form, before, [], found), faults: found.faults };
    },
    [shape, what] as const,
  );
}

/** Says each text to the hub, and counts how often the inspector shows it, as it came down and as it went up. */
export function seeInInspector(
  page: Page,
  texts: readonly string[],
): Promise<Record<'decision' | 'reason' | 'nudge' | 'event', number>> {
  return page.evaluate(async (given) => {
    const { surveyor } = window as unknown as Surveyed;
    const { cartbell } = window as unknown as { cartbell: (...call: unknown[]) => void };
    const placed = { decision: 0, reason: 0, nudge: 0, event: 0 };
    const lines = (kind: string) =>
      surveyor.all(`aside li:has(> .${kind}) > div`).map(({ textContent }) => textContent);
    // As the widget sends it: on one line, and not too long.
    const asSaid = (text: string) => text.replaceAll(/\p{Cc}+/gu, ' ').slice(0, 200);
    for (const text of given) {
      cartbell('event', 'view_item', { items: [{ item_id: 'a', item_name: text, item_variant: text }] });
      cartbell('event', 'search', { search_term: text });
    }
    const last = given.at(-1) ?? '';
    await surveyor.until(
      () => lines('down').some((line) => line.includes(JSON.stringify(last))),
      'the last one',
    );
    const [decisions, down, up] = [lines('decision'), lines('down'), lines('up')];
    for (const text of given) {
      const quoted = JSON.stringify(text);
      const facts = `path ${quoted}, wanted ${quoted}, actual ${quoted}`;
      if (decisions.some((line) => line.endsWith(` decision on ${text}`))) placed.decision++;
      if (decisions.includes(`${text}: held by ${text} (${facts})`)) placed.reason++;
      if (down.some((line) => line.includes(`"title": ${quoted}`))) placed.nudge++;
      const said = JSON.stringify(asSaid(text));
      const isSaid = (field: string) => up.some((line) => line.includes(`"${field}": ${said}`));
      if (isSaid('item_name') && isSaid('item_variant') && isSaid('search_term')) placed.event++;
    }
    return placed;
  }, texts);
}
