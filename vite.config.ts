import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { playwright } from '@vitest/browser-playwright';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import { noticesOfBundles } from './supply-chain/notices.ts';
import { billOfMaterials } from './supply-chain/sbom.ts';
import { chrome } from './test/support/chrome.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const page = (name: string) => here(`demo/shop/${name}.html`);
const isTest = process.env['VITEST'] !== undefined;

/** One group of projects after the other, so that none upsets the timing of another. */
const GROUPS = {
  /** Waits more than it reckons, or is over soon: two files share a core. */
  quick: { sequence: { groupOrder: 0 }, maxWorkers: Math.max(2, availableParallelism() - 1) },
  /** Browsers and hubs take the cores themselves. */
  wholeHubs: { sequence: { groupOrder: 1 } },
  simulations: { sequence: { groupOrder: 2 }, fileParallelism: false },
  chaos: { sequence: { groupOrder: 3 }, fileParallelism: false },
  fuzz: { sequence: { groupOrder: 4 }, fileParallelism: false },
};

/**
 * Where real processes and browsers share two cores with others, a test that failed is asked once more, and the run ends with
 * the names of those that needed it. By hand, each failure counts; and always where tests look for what goes wrong by chance.
 */
const WITH_PROCESSES = { retry: process.env['CI'] ? 1 : 0 };

const node = (name: string, testTimeout: number, group: keyof typeof GROUPS, more: object = {}) => ({
  extends: true as const,
  test: {
    ...more,
    name,
    include: [`test/${name}/**/*.test.ts`],
    environment: 'node' as const,
    testTimeout,
    hookTimeout: 60_000,
    ...GROUPS[group],
  },
});

/** Pages may run a Lit of their own, whose Trusted Types policy has the same name: the second one would throw. */
const ownTrustedTypesPolicy: Plugin = {
  name: 'own-trusted-types-policy',
  transform(code, id) {
    if (!/lit-html[\\/](development[\\/])?lit-html\.js/.test(id)) return null;
    if (!/createPolicy\(\s*["']lit-html["']/.test(code))
      throw new Error('lit-html names its policy differently now.');
    return { code: code.replace(/(createPolicy\(\s*)["']lit-html["']/, '$1"cartbell#lit"'), map: null };
  },
};

/** Indentation and comments of templates are for those who read them: shoppers need not load them. */
const tightTemplates: Plugin = {
  name: 'tight-templates',
  applyToEnvironment: ({ name }) => name === 'widget',
  enforce: 'post',
  transform(code, id) {
    if (!id.includes('/widget/components/')) return null;
    let tight = '';
    let done = 0;
    for (const { tag, start, end } of templatesIn(this.parse(code)).sort((a, b) => a.start - b.start)) {
      const text = code.slice(start, end);
      tight += code.slice(done, start) + (tag === 'css' ? tightCss(text) : text.replace(/\s+/g, ' '));
      done = end;
    }
    return { code: tight + code.slice(done), map: null };
  },
};

function tightCss(text: string): string {
  return text
    .replace(/\/\*[^]*?\*\//g, '')
    .replace(/\s+/g, ' ')
    .replace(/ ?([{};,]) ?/g, '$1')
    .replace(/: /g, ':')
    .replace(/;}/g, '}');
}

interface Text {
  readonly tag: string;
  readonly start: number;
  readonly end: number;
}

/** The texts of all templates that are Lit's. */
function templatesIn(tree: unknown, tag = ''): Text[] {
  if (typeof tree !== 'object' || tree === null) return [];
  if (Array.isArray(tree)) return tree.flatMap((one) => templatesIn(one, tag));
  const { type, start, end, tag: named, quasi, ...parts } = tree as Record<string, unknown>;
  if (type === 'TemplateElement') return tag ? [{ tag, start: Number(start), end: Number(end) }] : [];
  const lits = (named as { name?: string } | undefined)?.name ?? '';
  if (type === 'TaggedTemplateExpression') return templatesIn(quasi, /^(html|css)$/.test(lits) ? lits : '');
  const { quasis = [], ...others } = parts;
  return [...templatesIn(quasis, tag), ...Object.values(others).flatMap((part) => templatesIn(part))];
}

/**
 * The tag's script has a fixed name and fetches a part whose name changes with its content. That part is the one file of
 * what every page loads, not the entry that passes it on: a page waits for one answer less.
 */
const startFileName: Plugin = {
  name: 'start-file-name',
  applyToEnvironment: ({ name }) => name === 'widget',
  generateBundle(_, bundle) {
    const entry = bundle['cartbell.js'];
    const start = Object.values(bundle).find((file) => file.type === 'chunk' && file.name === 'start');
    const passedOn =
      start?.type === 'chunk' ? /^export{(\w+) as start}from"\.\/(.+?)"/.exec(start.code) : null;
    if (!start || !passedOn || entry?.type !== 'chunk')
      throw new Error('The widget is built differently now.');
    const [, exported = '', file = ''] = passedOn;
    for (const [mark, name] of [
      ['__CARTBELL_START_FILE__', `cartbell/${file}`],
      ['__CARTBELL_START__', exported],
    ] as const) {
      if (!entry.code.includes(mark)) throw new Error('cartbell.js no longer says what it starts.');
      entry.code = entry.code.replace(mark, name);
    }
    delete bundle[start.fileName];
  },
};

/**
 * What Lit has for those who write components badly, for browsers older than the widget's, for rendering on servers and for
 * warnings of two Lits on one page: shoppers need not load it.
 */
const CUTS: readonly [file: RegExp, cuts: readonly [cut: RegExp, left: string][]][] = [
  [
    /reactive-element[\\/]css-tag\.js/,
    [
      [/throw Error\("[^"]*"(?:\+\w+\+"[^"]*")?\)/g, 'throw Error()'],
      [/else for\(const \w+ of \w+\)\{[^}]*appendChild\(\w+\)\}/, ''],
    ],
  ],
  [
    /reactive-element[\\/]reactive-element\.js/,
    [[/,\w+\?\.\(\{ReactiveElement:\w+\}\),\(\w+\.reactiveElementVersions\?\?=\[\]\)\.push\("[^"]*"\)/, '']],
  ],
  [
    /lit-html[\\/]lit-html\.js/,
    [[/\w+\?\.\(\w+,\w+\),\(\w+\.litHtmlVersions\?\?=\[\]\)\.push\("[^"]*"\);/, '']],
  ],
  [
    /lit-element[\\/]lit-element\.js/,
    [
      [/,\w+\.litElementHydrateSupport\?\.\(\{LitElement:\w+\}\);/, ';'],
      [/\w+\?\.\(\{LitElement:\w+\}\);/, ''],
      [/\(\w+\.litElementVersions\?\?=\[\]\)\.push\("[^"]*"\);/, ''],
    ],
  ],
];

const leanLit: Plugin = {
  name: 'lean-lit',
  applyToEnvironment: ({ name }) => name === 'widget',
  transform(code, id) {
    const cuts = CUTS.find(([file]) => file.test(id))?.[1];
    if (!cuts) return null;
    const lean = cuts.reduce((rest, [cut, left]) => {
      if (rest.search(cut) < 0) throw new Error(`${id} is written differently now: no ${cut.source}`);
      return rest.replace(cut, left);
    }, code);
    return { code: lean, map: null };
  },
};

/**
 * A page waits for no file that is smaller than the asking for it: what the bundler puts into one of its own stands in each
 * that needs it. Its notes to other bundlers go.
 */
const noRuntimeFile: Plugin = {
  name: 'no-runtime-file',
  applyToEnvironment: ({ name }) => name === 'widget',
  // Names stand for content for a year, and the bundler does not see what is done here.
  augmentChunkHash: () => 'no-runtime-file 2',
  generateBundle(_, bundle) {
    const chunks = Object.values(bundle).filter((file) => file.type === 'chunk');
    const runtime = chunks.find(({ name }) => name === 'rolldown-runtime');
    const [, body] = /^([^]*);export\{t\};?\s*$/.exec(runtime?.code ?? '') ?? [];
    if (!runtime || body === undefined) throw new Error('The bundler’s runtime is written differently now.');
    const asked = new RegExp(`import\\{t as (\\w+)\\}from"\\./${runtime.fileName.replace(/.*\//, '')}";`);
    for (const chunk of chunks)
      chunk.code = chunk.code
        .replace(/(\w?)\/\* @__PURE__ \*\/ /g, (_note, before: string) => before && `${before} `)
        .replace(asked, (_import, name: string) => `var ${name}=(()=>{${body};return t})();`);
    for (const { code } of chunks) this.parse(code);
    delete bundle[runtime.fileName];
    if (chunks.some(({ code }) => code.includes('rolldown-runtime')))
      throw new Error('A part still asks for the bundler’s runtime.');
  },
};

/** What developers of a shop fetch from its hub, or copy from there. */
const developerFiles: Plugin = {
  name: 'developer-files',
  applyToEnvironment: ({ name }) => name === 'widget',
  generateBundle() {
    for (const fileName of ['custom-elements.json', 'cartbell.d.ts', 'cartbell-react.d.ts'])
      this.emitFile({ type: 'asset', fileName, source: readFileSync(here(`widget/public/${fileName}`)) });
  },
};

/** By the place in this project, wherever that is. */
const part = (pattern: RegExp) => (id: string) => pattern.test(relative(here('.'), id).replaceAll('\\', '/'));

/** What a page loads, nudge or not: one file of it is smaller than five, and needs no second and third asking. */
const ofEveryPage = part(
  /^widget\/(?!embed|painter|components|filled-slots|marked-slots|locales|message-centre|inbox|wishes|identity|recovered-cart|consent\.|transports\/(tabs|socket-io\/polling)|sensors\/(platforms|touch-exit|product-markup|marked-item))/,
);
/** Kinds of nudges that are not everywhere, together: they are much alike, and so packed better. */
const ofSomeKinds = part(
  /^widget\/(filled-slots|marked-slots|components\/(edge-bar|inline-note|progress-meter|recommendation-strip))/,
);
/** What opens on the shopper's wish, and the bell. */
const ofThePanel = part(
  /^widget\/(message-centre|inbox|wishes|components\/(bell-button|message-|more-menu|open-panel|preference-form))/,
);
/** What the first nudge needs, whatever its kind. */
const ofEveryNudge = part(
  /^node_modules\/(lit|@lit)|^widget\/(painter|locales\/choose|components\/(announcer|card-parts|cart-bell|corner|define|free-area|nudge-|placing|spoken|theme))/,
);
/** Where the page itself says what it is about, or is touched. */
const ofSomePages = part(/^widget\/sensors\/(product-markup|marked-item|touch-exit)/);

/** The demo's pages know nothing of the inspector; it is laid over them where `?inspect` asks for it. */
const inspectorTag: Plugin = {
  name: 'inspector-tag',
  transformIndexHtml: {
    order: 'post',
    handler: () => [{ tag: 'script', attrs: { type: 'module', src: '/inspector.js' }, injectTo: 'head' }],
  },
};

export default defineConfig({
  root: isTest ? here('.') : here('demo/shop'),
  publicDir: here('demo/public'),
  builder: {},
  plugins: [
    ownTrustedTypesPolicy,
    leanLit,
    inspectorTag,
    tightTemplates,
    noRuntimeFile,
    startFileName,
    developerFiles,
    noticesOfBundles(new URL('./', import.meta.url)),
    billOfMaterials(new URL('./', import.meta.url), here('dist/sbom.cdx.json')),
  ],
  environments: isTest
    ? {}
    : {
        client: {
          build: {
            outDir: here('dist/shop'),
            emptyOutDir: true,
            modulePreload: { polyfill: false },
            assetsInlineLimit: 0,
            rolldownOptions: {
              input: {
                ...Object.fromEntries(
                  ['index', 'category', 'product', 'cart', 'checkout', 'gallery'].map((name) => [
                    name,
                    page(name),
                  ]),
                ),
                ...Object.fromEntries(
                  ['plain', 'react', 'vue'].map((name) => [`example-${name}`, page(`examples/${name}`)]),
                ),
                inspector: here('demo/inspector/inspector.ts'),
              },
              output: {
                entryFileNames: ({ name }) =>
                  name === 'inspector' ? '[name].js' : 'assets/[name]-[hash].js',
              },
            },
          },
        },
        widget: {
          consumer: 'client',
          build: {
            outDir: here('dist/widget'),
            emptyOutDir: true,
            copyPublicDir: false,
            target: 'es2022',
            // A library has no preload code of the bundler's: the entry must stay a plain script without imports.
            lib: {
              entry: {
                cartbell: here('widget/embed.ts'),
                start: here('widget/start.ts'),
                'check-theme': here('widget/components/contrast/check-theme.ts'),
              },
              formats: ['es'],
            },
            rolldownOptions: {
              output: {
                entryFileNames: ({ name }) => (name === 'start' ? 'cartbell/[name]-[hash].js' : '[name].js'),
                chunkFileNames: 'cartbell/[name]-[hash].js',
                codeSplitting: {
                  groups: [
                    { name: 'page', test: ofEveryPage },
                    { name: 'nudge', test: ofEveryNudge },
                    { name: 'kinds', test: ofSomeKinds },
                    { name: 'panel', test: ofThePanel },
                    { name: 'marks', test: ofSomePages },
                  ],
                },
                minify: true,
              },
            },
          },
        },
        server: {
          consumer: 'server',
          build: {
            outDir: here('dist/server'),
            emptyOutDir: true,
            ssr: true,
            copyPublicDir: false,
            target: 'node20',
            sourcemap: true,
            rolldownOptions: {
              input: {
                main: here('server/main.ts'),
                cli: here('server/cli.ts'),
                demo: here('demo/main.ts'),
                replay: here('demo/replay/main.ts'),
                'backtest-thread': here('server/analytics/backtest/backtest-thread.ts'),
                'sqlite-thread': here('server/store/sqlite-thread.ts'),
              },
              output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
            },
          },
        },
      },
  test: {
    // How fast something is, the bench says: here a busy machine may take its time.
    expect: { poll: { timeout: 10_000 } },
    reporters: ['default', here('test/support/plain-line-reporter.ts')],
    projects: [
      node('unit', 10_000, 'quick'),
      node('contracts', 30_000, 'quick'),
      node('integration', 20_000, 'wholeHubs', WITH_PROCESSES),
      node('e2e', 90_000, 'wholeHubs', WITH_PROCESSES),
      node('simulate', 60_000, 'simulations'),
      node('chaos', 60_000, 'chaos'),
      node('fuzz', 120_000, 'fuzz'),
      {
        extends: true,
        test: {
          name: 'browser',
          ...WITH_PROCESSES,
          ...GROUPS.wholeHubs,
          include: ['test/browser/**/*.test.ts'],
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({ launchOptions: chrome }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
});
