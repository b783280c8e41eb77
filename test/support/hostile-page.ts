import type { Page } from 'playwright';
import type { Nudge } from '../../shared/nudge.ts';
import type { Found, Place, Surveyed } from './survey.ts';

/** What is found of a nudge in its element. `why` is behind its menu; what it lists under its title has a place for each. */
function placesOf({ kind, look, title, body = '', cta, offer, items, progress, why = '' }: Nudge): Place[] {
  if (kind === 'inline' && look !== 'note') return [];
  const texts: Place[] = [
    { field: 'title', selector: '[part=title]', expected: title },
    { field: 'body', selector: '[part=body]', expected: body },
    { field: 'cta.label', selector: '[part=cta]', expected: cta?.label ?? '' },
    { field: 'cta.href', selector: '[part=cta]', attribute: 'href', expected: cta?.href ?? '' },
    { field: 'why', selector: '[part=why]', expected: why },
  ];
  if (offer) texts.push({ field: 'code', selector: '[part=code]', expected: offer.code });
  if (progress)
    texts.push(
      { field: 'reached', selector: '[part=missing]', expected: progress.reached ?? '' },
      {
        field: 'reached, spoken',
        selector: '[part=progress]',
        attribute: 'aria-valuetext',
        expected: progress.reached ?? '',
      },
    );
  const [item] = items ?? [];
  if (item)
    texts.push(
      { field: 'item_name', selector: '.name', expected: item.item_name },
      { field: 'item_name, spoken', selector: '[part=add] .unseen', expected: ` ${item.item_name}` },
      { field: 'url', selector: '[part=strip] a', attribute: 'href', expected: item.url },
      { field: 'image', selector: '[part=strip] img', attribute: 'src', expected: item.image ?? '' },
    );
  return texts;
}

interface Round {
  readonly nudges: readonly Nudge[];
  readonly places: readonly (readonly Place[])[];
  readonly tag: string;
  /** After so many it is looked whether the inbox has them; 0: never. */
  readonly inboxEvery: number;
  /** For which of them it is waited until they were spoken. */
  readonly heard: readonly boolean[];
}

/** Looks at each nudge in turn as it is shown, and closes it, so that the next one comes. The first is the pattern for the others. */
export function seeInTurn(
  page: Page,
  nudges: readonly Nudge[],
  {
    tag,
    inboxEvery = 0,
    isHeard = () => false,
  }: { tag: string; inboxEvery?: number; isHeard?: (text: string) => boolean },
): Promise<Found> {
  const round: Round = {
    nudges,
    places: nudges.map(placesOf),
    tag,
    inboxEvery,
    heard: nudges.map(({ title }) => isHeard(title)),
  };
  return page.evaluate(async ({ nudges: due, places, tag: name, inboxEvery: most, heard }) => {
    const { surveyor } = window as unknown as Surveyed;
    const { cartbell } = window as unknown as { cartbell: (...call: unknown[]) => void };
    const found: Found = { placed: {}, faults: [] };
    const press = (selector: string, root: Element) =>
      (surveyor.all(selector, root)[0] as HTMLElement | undefined)?.click();
    const shapes = { nudge: null as string | null, message: null as string | null };
    const checkInbox = async (closed: readonly Nudge[]) => {
      cartbell('open', 'inbox');
      const list = await surveyor.until(() => surveyor.all('cartbell-messages')[0], 'an inbox');
      await surveyor.until(() => surveyor.all('li', list).length >= closed.length, 'all messages');
      for (const [at, { title, body = '', cta, offer }] of closed.toReversed().entries()) {
        const message = surveyor.all('li', list)[at];
        if (!message) continue;
        const inInbox: Place[] = [
          { field: 'inbox: title', selector: 'h3', expected: title },
          { field: 'inbox: body', selector: 'p', expected: body },
          { field: 'inbox: cta.label', selector: 'a', expected: cta?.label ?? '' },
          { field: 'inbox: cta.href', selector: 'a', attribute: 'href', expected: cta?.href ?? '' },
        ];
        if (offer) inInbox.push({ field: 'inbox: code', selector: 'code', expected: offer.code });
        shapes.message = surveyor.survey(message, shapes.message, inInbox, found);
      }
      const panel = surveyor.all('cartbell-panel')[0];
      if (panel) (surveyor.all('header button', panel).at(-1) as HTMLElement).click();
      await surveyor.until(() => surveyor.all('cartbell-panel').length === 0, 'a closed panel');
    };
    for (const [at, nudge] of due.entries()) {
      const isIt = (one: Element) => (one as Element & { nudge?: Nudge }).nudge?.id === nudge.id;
      const element = await surveyor.until(() => surveyor.all(name).find(isIt), `${nudge.id} ${nudge.title}`);
      await surveyor.until(() => surveyor.all('[part=more]', element)[0], 'a menu');
      press('[part=more]', element);
      await surveyor.until(() => surveyor.all('[part=why]', element)[0], 'a reason');
      const isWhole = () => places[at]?.every(({ selector }) => surveyor.all(selector, element).length > 0);
      await surveyor.until(isWhole, `all of ${nudge.id}`);
      shapes.nudge = surveyor.survey(element, shapes.nudge, places[at] ?? [], found);
      if (heard[at]) {
        const spoken = `${nudge.title} ${nudge.body}`;
        const region = surveyor.all('.cartbell-announcer')[0];
        await surveyor.until(() => region?.textContent === spoken, `a word of ${nudge.id}`);
        found.placed['spoken'] = (found.placed['spoken'] ?? 0) + 1;
      }
      press('[part=dismiss]', element);
      const isLast = at === due.length - 1;
      if (most > 0 && (isLast || at % most === most - 1))
        await checkInbox(due.slice(at - (at % most), at + 1));
    }
    return found;
  }, round);
}

/** Looks at the nudges in all marked places of the page. */
export function seeInPlaces(page: Page, nudges: readonly Nudge[]): Promise<Found> {
  const given = { nudges, places: nudges.map(placesOf) };
  return page.evaluate(async ({ nudges: due, places }) => {
    const { surveyor } = window as unknown as Surveyed;
    const found: Found = { placed: {}, faults: [] };
    const shapes: Record<string, string | null> = {};
    for (const [at, nudge] of due.entries()) {
      const { slot, look = '', title } = nudge;
      const note = await surveyor.until(
        () => document.querySelector(`[data-cartbell-slot="${slot}"] cartbell-inline`),
        `a note in ${slot}`,
      );
      await surveyor.until(() => note.shadowRoot?.hasChildNodes(), 'something in it');
      if (look === 'note') {
        await surveyor.until(() => surveyor.all('[part=more]', note)[0], 'a menu');
        (surveyor.all('[part=more]', note)[0] as HTMLElement).click();
        await surveyor.until(() => surveyor.all('[part=why]', note)[0], 'a reason');
      }
      shapes[look] = surveyor.survey(note, shapes[look] ?? null, places[at] ?? [], found);
      const badges = surveyor.all('li', note).map((badge) => badge.textContent);
      const told = look === 'text' ? note.shadowRoot?.textContent : badges.join('|');
      const wanted =
        look === 'text'
          ? title
          : title
              .split('|')
              .map((badge) => badge.trim())
              .join('|');
      if (look === 'note') continue;
      if (told === wanted) found.placed[look] = (found.placed[look] ?? 0) + 1;
      else found.faults.push(`${look} of ${JSON.stringify(title)} is ${JSON.stringify(told)}`);
    }
    return found;
  }, given);
}
