import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { read, root } from '../support/deploy-files.ts';

const Names = z.array(z.object({ name: z.string() })).transform((all) => all.map(({ name }) => name));
const { modules } = z
  .object({
    modules: z.array(
      z.object({
        declarations: z.array(
          z.object({ attributes: Names, events: Names, cssProperties: Names, cssParts: Names }),
        ),
      }),
    ),
  })
  .parse(JSON.parse(read('widget/public/custom-elements.json')));
const told = modules[0]?.declarations[0];
const components = readdirSync(new URL('widget/components/', root))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => read(`widget/components/${file}`));
const found = (pattern: RegExp, texts: readonly string[]) =>
  new Set(texts.flatMap((text) => [...text.matchAll(pattern)].map(([, name = '']) => name)));

/** Set by the page for what stands in its own places, and not inside the element. */
const ELSEWHERE = ['bell', 'unread', 'note', 'badge', 'badges', 'why', 'rate', 'less', 'message', 'messages'];

describe('custom-elements.json tells of', () => {
  it('every custom property that the element reads, and no other', () => {
    expect(new Set(told?.cssProperties)).toEqual(found(/var\((--cartbell-[a-z-]+)/g, components));
  });

  it('every part that can be styled from the page, and no other', () => {
    const parts = [...found(/(?:[^-]\bpart="|cornerButton\(')([a-z-]+)/g, components)].filter(
      (name) => !ELSEWHERE.includes(name),
    );
    expect(new Set(told?.cssParts)).toEqual(new Set(parts));
  });

  it('parts that are handed on from inside, each of them', () => {
    const roots = ['cart-bell', 'open-panel'].map((name) => read(`widget/components/${name}.ts`)).join();
    const handed = [...roots.matchAll(/exportparts="([^"]+)"/g)].flatMap(([, names = '']) =>
      names.split(', '),
    );
    expect(new Set(handed)).toEqual(new Set(told?.cssParts));
  });

  it('the events that the page hears, as its types do', () => {
    const types = read('widget/public/cartbell.d.ts');
    expect(new Set(told?.events)).toEqual(found(/'(cartbell:[a-z]+)'/g, [types]));
    const [telling = ''] = /if \(.*this\.#tellShop/.exec(read('widget/components/cart-bell.ts')) ?? [];
    expect(new Set(told?.events)).toEqual(
      new Set([...found(/what === '([a-z]+)'/g, [telling])].map((what) => `cartbell:${what}`)),
    );
  });

  it('its attributes, as its types do', () => {
    const types =
      /interface CartbellAttributes \{([^}]+)\}/.exec(read('widget/public/cartbell.d.ts'))?.[1] ?? '';
    expect(new Set(told?.attributes)).toEqual(found(/^ {2}([a-z]+)\??:/gm, [types]));
  });
});
