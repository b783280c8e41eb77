import type { Page } from 'playwright';

/** One text or address in one field, and where it has to be found just so. */
export interface Place {
  readonly field: string;
  readonly selector: string;
  /** Of this attribute; else it is what the element says. */
  readonly attribute?: string;
  readonly expected: string;
}

export interface Found {
  /** How often each field was found as it should be. */
  readonly placed: Record<string, number>;
  readonly faults: string[];
}

/** What the surveyor can do in a page. */
export interface Surveyor {
  until<T>(look: () => T | null | undefined | false, what: string): Promise<T>;
  all(selector: string, root?: Element | ShadowRoot | Document): Element[];
  /** The elements of a tree with the names of their attributes, shadow trees included; of equal neighbours one. */
  shapeOf(root: Element): string;
  survey(root: Element, shape: string | null, places: readonly Place[], found: Found): string;
}

export type Surveyed = Window & { surveyor: Surveyor };

/** Brings a surveyor into each document of the page. */
export async function bringSurveyor(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const LONGEST_WAIT_MS = 10_000;
    const SCHEMES = ['https:', location.protocol];
    const { port1, port2 } = new MessageChannel();
    const waiting: (() => void)[] = [];
    port1.addEventListener('message', () => waiting.shift()?.());
    port1.start();
    const tick = () =>
      new Promise<void>((resolve) => {
        waiting.push(resolve);
        port2.postMessage(null);
      });
    const until: Surveyor['until'] = async (look, what) => {
      const from = performance.now();
      for (let tries = 0; ; tries++) {
        const seen = look();
        if (seen !== null && seen !== undefined && seen !== false) return seen;
        // What is drawn is there at once; what the hub has to answer leaves the machine to others meanwhile.
        await (tries < 4 ? tick() : new Promise(requestAnimationFrame));
        if (performance.now() - from > LONGEST_WAIT_MS) throw new Error(`There was never ${what}.`);
      }
    };
    const childrenOf = (root: Element | ShadowRoot | Document) => [
      ...('shadowRoot' in root && root.shadowRoot ? root.shadowRoot.children : []),
      ...root.children,
    ];
    const under = (root: Element | ShadowRoot | Document): Element[] =>
      childrenOf(root).flatMap((child) => [child].concat(under(child)));
    const all: Surveyor['all'] = (selector, root = document) =>
      under(root).filter((element) => element.matches(selector));
    const shapeOf = (root: Element): string => {
      const children = childrenOf(root).map(shapeOf);
      const names = root.getAttributeNames().toSorted();
      return `${root.localName}[${names.join(' ')}](${children.filter((one, at) => one !== children[at - 1]).join('')})`;
    };
    const isAllowed = (value: string) => {
      if (!URL.canParse(value, location.href)) return false;
      const { protocol, username, password } = new URL(value, location.href);
      return SCHEMES.includes(protocol) && username + password === '';
    };
    const surveyor: Surveyor = {
      until,
      all,
      shapeOf,
      survey(root, shape, places, { placed, faults }) {
        const seen = shapeOf(root);
        if (shape !== null && seen !== shape) faults.push(`The tree is ${seen}`);
        for (const element of [root, ...under(root)])
          for (const name of ['href', 'src', 'srcset', 'action', 'formaction', 'srcdoc', 'data']) {
            const value = element.getAttribute(name);
            if (value !== null && !isAllowed(value)) faults.push(`${element.localName} has ${name}=${value}`);
          }
        for (const { field, selector, attribute, expected } of places) {
          const elements = all(selector, root);
          const told = elements.map((one) => (attribute ? one.getAttribute(attribute) : one.textContent));
          if (told.length === 0 || told.some((one) => one !== expected))
            faults.push(`${field} of ${JSON.stringify(expected)} is ${JSON.stringify(told)}`);
          else placed[field] = (placed[field] ?? 0) + 1;
        }
        return seen;
      },
    };
    Object.assign(window, { surveyor });
  });
}
